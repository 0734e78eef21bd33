// A session in a room, and how far its socket lags. Slow consumers lose data on purpose (events-and-store.md 9):
// first the cache pushes, then the socket.
import type { RealtimeLimits } from './limits.ts';
import type { Connection, Frame, VerifiedSession } from './ports.ts';

export type Member = {
  readonly connection: Connection;
  session: VerifiedSession;
  isGone: boolean;
  /** Bytes of the welcome still under way: a large catalogue must not count as lagging. */
  slackBytes: number;
  slowSinceMs: number | null;
  /** Cache pushes were left out; the latest are owed. */
  isOwedCache: boolean;
  /** Anything sent since the last heartbeat? */
  hasHeard: boolean;
};

export function createMember(connection: Connection, session: VerifiedSession): Member {
  return { connection, session, isGone: false, slackBytes: 0, slowSinceMs: null, isOwedCache: false, hasHeard: false };
}

export type Pace = 'keeping_up' | 'slow' | 'too_slow';

export function paceOf(member: Member, nowMs: number, limits: RealtimeLimits): Pace {
  const buffered = member.connection.bufferedBytes();
  if (buffered <= limits.slowBufferBytes) {
    member.slackBytes = 0;
    member.slowSinceMs = null;
    return 'keeping_up';
  }
  const lagBytes = buffered - member.slackBytes;
  if (lagBytes > limits.tooSlowBufferBytes) return 'too_slow';
  if (lagBytes <= limits.slowBufferBytes) return 'keeping_up';
  member.slowSinceMs ??= nowMs;
  return nowMs - member.slowSinceMs > limits.slowMaxMs ? 'too_slow' : 'slow';
}

export function sendFrame(member: Member, frame: Frame): void {
  member.hasHeard = true;
  member.connection.send(frame);
}
