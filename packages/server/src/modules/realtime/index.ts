// Rooms: sockets, presence, fan-out, resume.
export { REALTIME_LIMITS, type RealtimeLimits } from './limits.ts';
export type {
  FactAcceptor,
  PresenceEntry,
  RequestHandler,
  RequestHandlers,
  RoomRole,
  SnapshotProvider,
  VerifiedSession,
  VerifySession,
} from './ports.ts';
export { createRealtime, type Realtime, type RealtimeDeps } from './realtime.ts';
export { redactMoney } from './redact-money.ts';
export type { RoomHubStats } from './room-hub.ts';
