// `GET /v1/rooms/:showId/page`: the room for viewers who must wait for a socket. Public as the show is; shared caches
// may keep it, so that a crowd that is not let in costs next to nothing.
import { idSchema, roomPageSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { type HttpServer, sendProblem } from '../../platform/http/index.ts';
import type { RoomPages } from './room-pages.ts';

const CACHED_FOR_SEC = 5;

export function roomPageRoutes({ pages }: { pages: RoomPages }): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/v1/rooms/:showId/page',
      {
        config: { access: 'public', cors: 'any-origin' },
        schema: { params: z.strictObject({ showId: idSchema('shw') }), response: { 200: roomPageSchema } },
      },
      async (request, reply) => {
        const page = await pages.page(request.params.showId);
        if (page === null) return sendProblem(reply, 'INSP_SHOWS_NOT_FOUND');
        reply.header('cache-control', `public, max-age=${CACHED_FOR_SEC}, stale-while-revalidate=${CACHED_FOR_SEC}`);
        return page;
      },
    );
  };
}
