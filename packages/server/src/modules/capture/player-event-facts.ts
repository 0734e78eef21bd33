// What a plug-in reports of the shopper's side, as facts. A shopper's clock may be wrong. A batch that says when it was
// sent by that clock is shifted by the difference, and may then be hours late: a phone that was offline. One that does
// not is only believed for the last minute, and shifted back as a whole where it comes from the future. Either way its
// own order and spacing stay.
import type { Fact, PlayerEvent } from '@insp/protocol';
import { eventDefinitions, factSchema } from '@insp/protocol/schemas';
import type { CaptureSession } from './ports.ts';

const KIND_LENGTH = factSchema.shape.kind.unwrap().maxLength ?? 60;

/** How far back an event may lie whose sender does not say what his clock shows. */
export const BLIND_LAG_MS = 60_000;

/** Maps a batch of reports to facts of this session. */
export function playerEventsToFacts(
  events: readonly PlayerEvent[],
  session: CaptureSession,
  receivedAtMs: number,
  sentAtMs?: number,
): Fact[] {
  const newestMs = events.reduce((newest, { occurredAt }) => Math.max(newest, occurredAt), 0);
  const shiftMs = sentAtMs === undefined ? Math.min(0, receivedAtMs - newestMs) : receivedAtMs - sentAtMs;
  const earliestMs = sentAtMs === undefined ? receivedAtMs - BLIND_LAG_MS : 0;
  return events.map((event) => {
    const occurredAt = Math.max(0, earliestMs, Math.min(event.occurredAt + shiftMs, receivedAtMs));
    return playerEventToFact(event, session, occurredAt);
  });
}

function playerEventToFact(event: PlayerEvent, session: CaptureSession, occurredAt: number): Fact {
  const base = {
    id: event.id,
    name: event.name,
    v: eventDefinitions[event.name].v,
    orgId: session.orgId,
    showId: session.showId,
    occurredAt,
    actor: { kind: 'viewer', id: session.viewerId },
    isSimulated: session.isSimulated,
    viewerId: session.viewerId,
    productId: 'productId' in event ? event.productId : null,
    highlightId: 'highlightId' in event ? event.highlightId : null,
    amountMinor: event.name === 'player.latency_measured' ? (event.behindHostMs ?? event.latencyMs) : 0,
    weight: 1,
  };
  const { kind, payload } = kindAndPayload(event);
  return { ...base, kind, payload } as Fact;
}

function kindAndPayload(event: PlayerEvent): { kind: string | null; payload: object } {
  switch (event.name) {
    case 'player.joined':
      return {
        kind: null,
        payload: { joinMs: event.joinMs, ...(event.firstFrameMs === undefined ? {} : { firstFrameMs: event.firstFrameMs }) },
      };
    case 'player.stalled':
      return { kind: null, payload: { stallMs: event.stallMs } };
    case 'player.latency_measured': {
      const { latencyMs, targetMs, behindHostMs } = event;
      return { kind: null, payload: { latencyMs, targetMs, behindHostMs } };
    }
    case 'player.quality_changed':
      return { kind: `${event.heightPx}p`, payload: { heightPx: event.heightPx, bitrateBitsPerSec: event.bitrateBitsPerSec } };
    case 'player.recovered':
      return { kind: event.remedy, payload: { detail: clean(event.detail) } };
    case 'player.failed':
      return { kind: word(event.code), payload: {} };
    case 'cart.added':
      return { kind: null, payload: { sku: clean(event.sku), quantity: event.quantity, requestId: clean(event.requestId) } };
    case 'cart.failed':
      return { kind: word(event.reason), payload: { sku: clean(event.sku), requestId: clean(event.requestId) } };
    case 'share.clicked':
      return { kind: word(event.channel), payload: {} };
    default:
      return { kind: null, payload: {} };
  }
}

/** Text the log can hold: no NUL, no half surrogate pair. */
const clean = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();
/** Clean and short enough for the `kind` column, never cut inside a character. */
const word = (text: string): string => {
  const whole = clean(text);
  const end = whole.length > KIND_LENGTH && /[\ud800-\udbff]/.test(whole[KIND_LENGTH - 1] ?? '') ? KIND_LENGTH - 1 : KIND_LENGTH;
  return whole.slice(0, end);
};
