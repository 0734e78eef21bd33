// Two doors into a room: one for shoppers (any page may ask and read the answer, store origins get a session), one for
// members of the organization.
import { idSchema, startViewerSessionSchema, viewerSessionSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { answer, type HttpServer, principalOf } from '../../platform/http/index.ts';
import type { Viewers } from './viewers.ts';

const consoleSessionSchema = z.strictObject({ token: z.string(), expiresAt: z.int(), socketUrl: z.string(), viewerId: idSchema('vwr') });

export function viewersRoutes({ viewers }: { viewers: Viewers }): (http: HttpServer) => void {
  return (http) => {
    http.post(
      '/v1/viewer-sessions',
      {
        // A page that may not embed must be able to read why (EM7): CORS lets any page read, the origin check decides.
        config: { access: 'viewer', cors: 'any-origin' },
        schema: { body: startViewerSessionSchema, response: { 201: viewerSessionSchema } },
      },
      async (request, reply) => {
        reply.header('cache-control', 'no-store');
        return answer(
          reply,
          await viewers.startSession(request.body, { origin: request.headers.origin ?? null, address: request.ip }),
          201,
        );
      },
    );

    http.post(
      '/v1/shows/:showId/console-sessions',
      {
        config: { access: 'show.read' },
        schema: { params: z.strictObject({ showId: idSchema('shw') }), response: { 201: consoleSessionSchema } },
      },
      async (request, reply) => {
        reply.header('cache-control', 'no-store');
        const { origin = null } = request.headers;
        return answer(reply, await viewers.startConsoleSession(principalOf(request), request.params.showId, origin), 201);
      },
    );
  };
}
