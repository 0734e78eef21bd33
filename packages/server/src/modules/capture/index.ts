// The event log: accept, validate, dedupe, append, replay.

export { captureRoutes } from './capture.http.ts';
export { captureSocketHandlers } from './capture.socket.ts';
export { type Capture, type CaptureStats, createCapture, type Rejection } from './capture.ts';
export { createLogKeeper, type LogKeeper } from './log-keeper.ts';
export { type NewFact, newFact } from './new-fact.ts';
export { playerEventRoutes } from './player-events.http.ts';
export { createPlayerReports, type PlayerReports } from './player-reports.ts';
export type { CaptureSession, IsInLineUp, Rejects, SocketHandler } from './ports.ts';
export { createRejectKeeper } from './reject-keeper.ts';
export { createRejects, purgeRejects } from './reject-store.postgres.ts';
export { createExportSource, findOrgOfShow } from './show-export.postgres.ts';
export { exportShow } from './show-export.ts';
