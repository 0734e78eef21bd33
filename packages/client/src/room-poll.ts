// The room without a socket: while the server takes no new viewers, its cached page (`GET /v1/rooms/:showId/page`) is
// read every ten seconds or so, and what changed since the last one is told as the pushes that would have told it. So
// screens need to know nothing of it: the product on display, the state of the show and the newest lines go on.
import type { Push, PushData, PushType, RoomPage, RoomSnapshot } from '@insp/protocol';
import type { ClientClock, ClientRandom } from './socket-like.ts';

export const POLL_EVERY_MS = 10_000;

/** Reads the page of the room; rejects when there is none to be had. */
export type PollRoom = () => Promise<RoomPage>;

/** What `next` says beyond `previous`. All of it may be applied twice without harm. */
export function pushesBetween(previous: RoomSnapshot | null, next: RoomSnapshot, atMs: number): Push[] {
  const pushes: Push[] = [];
  const say = <T extends PushType>(type: T, data: PushData<T>) => pushes.push({ v: 1, type, ts: atMs, data } as unknown as Push);
  const isOther = (key: keyof RoomSnapshot) => previous === null || JSON.stringify(previous[key]) !== JSON.stringify(next[key]);

  if (isOther('showState') || isOther('playlistUrl')) {
    const from = previous?.showState ?? next.showState;
    const { showState: to, graceEndsAt, playlistUrl } = next;
    say('show_state_changed', { from, to, reason: '', graceEndsAt, playlistUrl });
  }
  if (isOther('startOverUrl') && next.startOverUrl) say('start_over_offered', { startOverUrl: next.startOverUrl });
  if (isOther('replay') && (previous !== null || next.replay)) say('replay_changed', { replay: next.replay ?? null });
  if (isOther('products')) say('products_changed', { products: next.products });
  const isIn = (list: readonly { id: string }[], id: string) => list.some((one) => one.id === id);
  for (const highlight of previous?.highlights ?? []) {
    if (!isIn(next.highlights, highlight.id)) say('highlight_ended', { highlightId: highlight.id, productId: highlight.productId });
  }
  for (const highlight of next.highlights) if (!isIn(previous?.highlights ?? [], highlight.id)) say('highlight_started', highlight);
  for (const line of next.recentMessages) if (!isIn(previous?.recentMessages ?? [], line.id)) say('chat_message_posted', line);
  const newestGone = next.recentMessages[0]?.seq ?? 0;
  for (const line of previous?.recentMessages ?? []) {
    // Older than the page reaches is not removed, only out of its window.
    if (line.seq >= newestGone && !isIn(next.recentMessages, line.id)) say('chat_message_removed', { messageId: line.id });
  }
  if (isOther('pinnedMessage')) {
    if (next.pinnedMessage) say('chat_message_pinned', next.pinnedMessage);
    else if (previous?.pinnedMessage) say('chat_message_unpinned', { messageId: previous.pinnedMessage.id });
  }
  if (isOther('slowModeSec')) say('slow_mode_changed', { intervalSec: next.slowModeSec });
  if (isOther('watchingCount')) say('presence_changed', { watchingCount: next.watchingCount });
  if (isOther('reactionCounts')) say('reactions_counted', { counts: {}, totals: next.reactionCounts });
  return pushes;
}

export type RoomPoll = {
  /** Reads the page once and tells what changed; null when it cannot be read. */
  read(): Promise<RoomPage | null>;
  /** Reads it again and again until `stop`; at once unless it was just read. */
  start(): void;
  stop(): void;
};

export function createRoomPoll(deps: { poll: PollRoom; clock: ClientClock; random: ClientRandom; onPush: (push: Push) => void }): RoomPoll {
  const { clock, random } = deps;
  let last: RoomSnapshot | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  async function read(): Promise<RoomPage | null> {
    readAtMs = clock.nowMs();
    let page: RoomPage;
    try {
      page = await deps.poll();
    } catch {
      return null;
    }
    const pushes = pushesBetween(last, page.snapshot, clock.nowMs());
    last = page.snapshot;
    for (const push of pushes) deps.onPush(push);
    return page;
  }

  function schedule(delayMs = Math.round(POLL_EVERY_MS * (0.75 + random.float() / 2))): void {
    cancel?.();
    cancel = clock.after(delayMs, () => {
      const mine = cancel;
      void read().then(() => {
        if (cancel === mine) schedule();
      });
    });
  }

  return {
    read,
    start: () => schedule(clock.nowMs() - readAtMs < POLL_EVERY_MS ? undefined : 0),
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
