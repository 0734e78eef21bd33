// The event log: accept, validate, dedupe, append, replay.

export { captureSocketHandlers } from './capture.socket.ts';
export { type Capture, type CaptureStats, createCapture, type Rejection } from './capture.ts';
export { type NewFact, newFact } from './new-fact.ts';
export type { CaptureSession, IsInLineUp, SocketHandler } from './ports.ts';
export { createLogKeeper, type LogKeeper } from './log-keeper.ts';
