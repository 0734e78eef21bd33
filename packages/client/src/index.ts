// Joining a room from a browser or a bot. API and examples: packages/client/README.md.
export { BACKOFF_FIRST_CEILING_MS, BACKOFF_LAST_CEILING_MS, backoffMs } from './backoff.ts';
export { type Answer, MAX_OUTSTANDING_REQUESTS, REQUEST_TIMEOUT_MS } from './request-queue.ts';
export * from './room-client.ts';
export { POLL_EVERY_MS, type PollRoom, pushesBetween } from './room-poll.ts';
export { reduceRoom } from './room-reducer.ts';
export * from './room-state.ts';
export * from './room-store.ts';
export * from './socket-like.ts';
export * from './viewer-session.ts';
