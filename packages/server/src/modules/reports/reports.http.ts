import { hasPermission, type Role, type ShowId } from '@insp/protocol';
import { idSchema, liveKpisSchema, showReportSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { answer, type HttpServer, principalOf } from '../../platform/http/index.ts';
import type { Reports } from './reports.ts';

const params = z.strictObject({ showId: idSchema('shw') });

/** `GET /v1/shows/:showId/kpis` and `/report`. Money is null for a role without `turnover.read`. */
export function reportRoutes(reports: Reports): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/v1/shows/:showId/kpis',
      { config: { access: 'show.read' }, schema: { params, response: { 200: liveKpisSchema } } },
      async (request, reply) => {
        const { orgId, role } = principalOf(request);
        return answer(reply, await reports.kpis(orgId, request.params.showId as ShowId, maySee(role)));
      },
    );
    http.get(
      '/v1/shows/:showId/report',
      { config: { access: 'report.read' }, schema: { params, response: { 200: showReportSchema } } },
      async (request, reply) => {
        const { orgId, role } = principalOf(request);
        return answer(reply, await reports.report(orgId, request.params.showId as ShowId, maySee(role)));
      },
    );
  };
}

function maySee(role: Role): boolean {
  return hasPermission(role, 'turnover.read');
}
