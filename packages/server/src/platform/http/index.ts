export type { Access, CorsRule } from './access.ts';
export {
  createHttpServer,
  type Guard,
  type HttpReply,
  type HttpRequest,
  type HttpServer,
  type HttpServerOptions,
} from './create-http-server.ts';
export { type Authorize, type Principal, principalOf, setPrincipal } from './principal.ts';
export { answer, sendProblem, sendRefusal } from './problem.ts';
export { listRoutes, type RouteFacts } from './route-list.ts';
