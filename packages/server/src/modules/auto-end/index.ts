// Forgotten broadcasts: warned twice, kept by one tap, ended with a reason.
export { autoEndRoutes } from './auto-end.http.ts';
export { autoEndHandlers } from './auto-end.socket.ts';
export { type AutoEnd, createAutoEnd } from './auto-end.ts';
export { AUTO_END_LIMITS } from './auto-end-rules.ts';
export type { AutoEndPorts } from './ports.ts';
