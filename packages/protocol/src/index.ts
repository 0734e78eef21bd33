// The wire: what server, browsers, bots and shops say to each other. Types and constants only; nothing here
// pulls zod into a browser. Schemas: `@insp/protocol/schemas`.
export * from './embed.ts';
export * from './error-codes.ts';
export * from './health-signals.ts';
export * from './ids.ts';
export * from './ingest-sources.ts';
export * from './limits.ts';
export * from './money.ts';
export * from './reactions.ts';
export * from './restream.ts';
export * from './roles.ts';
export * from './room-pass.ts';
export type * from './schemas.ts';
export * from './shed-levels.ts';
export * from './show-states.ts';
export * from './socket-close-codes.ts';
