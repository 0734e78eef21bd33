export type { ViewersPorts } from './ports.ts';
export { SESSION_TTL_MS, type VerifiedSession } from './session-token.ts';
export { viewersRoutes } from './viewers.http.ts';
export { type ConsoleSession, createViewers, type Viewers, type ViewersDeps } from './viewers.ts';
