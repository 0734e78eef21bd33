// Rooms: sockets, presence, fan-out, resume.
export { REALTIME_LIMITS, type RealtimeLimits } from './limits.ts';
export type {
  FactAcceptor,
  PresenceEntry,
  RequestHandler,
  RequestHandlers,
  RoomPace,
  RoomRole,
  SnapshotProvider,
  VerifiedSession,
  VerifySession,
} from './ports.ts';
export { createRealtime, type Realtime, type RealtimeDeps } from './realtime.ts';
export { redactMoney } from './redact-money.ts';
export type { RoomHubStats } from './room-hub.ts';
export { roomPageRoutes } from './room-pages.http.ts';
export { createRoomPages, type RoomPages } from './room-pages.ts';
