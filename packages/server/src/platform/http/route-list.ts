// Every route as it was registered, for the tests that walk them all and for the reference.
import type { Access } from './access.ts';
import type { HttpServer } from './create-http-server.ts';

export type RouteFacts = { method: string; url: string; access: Access | undefined; hasBody: boolean; isRawBody: boolean };

const lists = new WeakMap<object, RouteFacts[]>();

export function rememberRoutes(http: HttpServer): void {
  const list: RouteFacts[] = [];
  lists.set(http.server, list);
  http.addHook('onRoute', ({ method, url, config, schema }) => {
    for (const one of [method].flat()) {
      if (one === 'HEAD' || one === 'OPTIONS') continue;
      list.push({ method: one, url, access: config?.access, hasBody: schema?.body !== undefined, isRawBody: config?.rawBody === true });
    }
  });
}

/** The routes of a server, without HEAD and preflights. */
export function listRoutes(http: HttpServer): readonly RouteFacts[] {
  return lists.get(http.server) ?? [];
}
