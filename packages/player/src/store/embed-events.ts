// The DOM events of product.md 3.2, made from the state and from what changed in it.
import type { EmbedEvent, EmbedEventName } from '@insp/protocol';
import { newEventId } from '../loader/event-id.ts';
import type { PlayerState } from './player-state.ts';

export type Emit = (name: EmbedEventName, payload?: Record<string, unknown>) => void;

export function embedEvent(state: PlayerState, device: string, name: EmbedEventName, payload: Record<string, unknown>): EmbedEvent {
  const { show, settings, room, video, surface, nowMs } = state;
  const sinceLiveMs = show?.liveAtMs ? (video.programMs ?? nowMs) - show.liveAtMs : null;
  return {
    v: 1,
    id: newEventId(nowMs),
    name,
    showId: settings.show,
    orgId: show?.orgId ?? null,
    phase: show === null ? 'unknown' : room.showState,
    device,
    surface:
      video.pip === 'on' || video.pip === 'window'
        ? 'pip'
        : surface === 'mini'
          ? 'mini'
          : settings.mode === 'inline'
            ? 'inline'
            : 'overlay',
    timeline: {
      broadcastSec: video.hasPicture ? video.positionSec : null,
      showSec: sinceLiveMs === null ? null : Math.max(0, Math.round(sinceLiveMs / 1_000)),
      lengthSec: null,
      watchedPct: null,
      serverTime: nowMs,
    },
    payload,
  };
}
