// "Keep live" over HTTP: for a link in a message, a stream deck, a script.
import { idSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { refused } from '../../kernel/outcome.ts';
import { answer, type HttpServer, principalOf, sendRefusal } from '../../platform/http/index.ts';
import type { AutoEnd } from './auto-end.ts';

export function autoEndRoutes(deps: {
  autoEnd: Pick<AutoEnd, 'keepLive'>;
  isShowOf(orgId: string, showId: string): Promise<boolean>;
}): (http: HttpServer) => void {
  return (http) => {
    http.post(
      '/v1/shows/:showId/keep-live',
      { config: { access: 'show.run' }, schema: { params: z.strictObject({ showId: idSchema('shw') }) } },
      async (request, reply) => {
        const { orgId, id } = principalOf(request);
        const { showId } = request.params;
        if (!(await deps.isShowOf(orgId, showId))) return sendRefusal(reply, refused('INSP_SHOWS_NOT_FOUND'));
        return answer(reply, await deps.autoEnd.keepLive({ orgId, memberId: id }, showId), 204);
      },
    );
  };
}
