// Health of a show's picture with the hour behind it, for the console's panel; what follows comes by the room socket.
import type { StreamHealthReport } from '@insp/protocol';
import { idSchema, streamHealthReportSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { refused } from '../../kernel/outcome.ts';
import { type HttpServer, principalOf, sendRefusal } from '../../platform/http/index.ts';

export function streamHealthRoutes(deps: {
  report: (showId: string) => StreamHealthReport;
  isShowOf(orgId: string, showId: string): Promise<boolean>;
}): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/v1/shows/:showId/stream-health',
      {
        config: { access: 'show.read' },
        schema: { params: z.strictObject({ showId: idSchema('shw') }), response: { 200: streamHealthReportSchema } },
      },
      async (request, reply) => {
        const { showId } = request.params;
        if (!(await deps.isShowOf(principalOf(request).orgId, showId))) return sendRefusal(reply, refused('INSP_SHOWS_NOT_FOUND'));
        reply.header('cache-control', 'no-store');
        return deps.report(showId);
      },
    );
  };
}
