// The zod schemas behind the types: for the server, tests and docs. Browsers import the root entry only.
export * from './schemas/accounts.ts';
export * from './schemas/basics.ts';
export * from './schemas/catalog.ts';
export * from './schemas/chat.ts';
export * from './schemas/events.ts';
export * from './schemas/insights.ts';
export * from './schemas/kpis.ts';
export * from './schemas/orders.ts';
export * from './schemas/player-events.ts';
export * from './schemas/pressure.ts';
export * from './schemas/shows.ts';
export * from './schemas/socket.ts';
export * from './schemas/viewer-sessions.ts';
