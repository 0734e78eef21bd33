// A closed player has no socket. Around the announced start it asks once a minute whether the show is on, so that a
// floating button or the shop's own banner can say so; at any other time it asks nothing.
import type { SessionKeeper } from '../session/session-keeper.ts';
import type { PlayerState } from '../store/player-state.ts';

const ASK_INTERVAL_MS = 60_000;
const WATCH_BEFORE_MS = 60_000;
const WATCH_AFTER_MS = 60 * 60_000;

/** Whether the start is near enough to ask. */
export function isStartNear({ surface, session, room, show, nowMs }: PlayerState): boolean {
  if (surface !== 'closed' || session !== 'ready' || !show?.scheduledAtMs) return false;
  if (room.showState !== 'scheduled' && room.showState !== 'waiting') return false;
  return nowMs > show.scheduledAtMs - WATCH_BEFORE_MS && nowMs < show.scheduledAtMs + WATCH_AFTER_MS;
}

export function watchStart(deps: {
  state(): PlayerState;
  session: SessionKeeper;
  isVisible(): boolean;
  random(): number;
  after(delayMs: number, work: () => void): () => void;
}): void {
  const ask = () => {
    // A whole shop full of open pages does not ask in the same second.
    deps.after(ASK_INTERVAL_MS * (0.75 + deps.random() / 2), () => {
      // Refused or unreachable now: asked again in a minute.
      if (isStartNear(deps.state()) && deps.isVisible()) deps.session.renew().catch(() => {});
      ask();
    });
  };
  ask();
}
