// Raw events out: the export of a show, streamed as fast as the reader takes it, and what was turned away.
import { Readable } from 'node:stream';
import { hasPermission, type ShowId } from '@insp/protocol';
import { idSchema, rejectedEventCountSchema, rejectedEventSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { refused } from '../../kernel/outcome.ts';
import { type HttpServer, principalOf, sendRefusal } from '../../platform/http/index.ts';
import type { Rejects } from './ports.ts';
import { type ExportSource, exportShow } from './show-export.ts';

/** Exports under way in one process, and how long a reader may take nothing before it gives up its place. */
export const EXPORTS_AT_ONCE = 4;
const READER_PATIENCE_MS = 60_000;

const rejectsQuery = z.strictObject({
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const rejectPageSchema = z.strictObject({ data: z.array(rejectedEventSchema), nextCursor: z.string().nullable() });
const rejectCountsSchema = z.strictObject({ data: z.array(rejectedEventCountSchema) });

export type CaptureRoutesDeps = {
  source: ExportSource;
  rejects: Rejects;
  clock: Clock;
  /** Whether a show exists and belongs to the organization. */
  isShowOf(orgId: string, showId: ShowId): Promise<boolean>;
};

export function captureRoutes({ source, rejects, clock, isShowOf }: CaptureRoutesDeps): (http: HttpServer) => void {
  let openCount = 0;
  return (http) => {
    http.get(
      '/v1/shows/:showId/events.ndjson',
      { config: { access: 'report.read' }, schema: { params: z.strictObject({ showId: idSchema('shw') }) } },
      async (request, reply) => {
        const { orgId, role } = principalOf(request);
        const { showId } = request.params;
        if (!(await isShowOf(orgId, showId))) return sendRefusal(reply, refused('INSP_SHOWS_NOT_FOUND'));
        if (openCount >= EXPORTS_AT_ONCE) return sendRefusal(reply, refused('INSP_CAPTURE_EXPORT_BUSY', { retryAfterMs: 5_000 }));
        openCount += 1;
        const chunks = exportShow(source, { orgId, showId, hasTurnover: hasPermission(role, 'turnover.read'), nowMs: clock.nowMs() });
        const stream = Readable.from(withPatience(chunks, clock, (cause) => stream.destroy(cause)));
        stream.once('close', () => {
          openCount -= 1;
        });
        return reply
          .type('application/x-ndjson; charset=utf-8')
          .header('content-disposition', `attachment; filename="${showId}.ndjson"`)
          .header('cache-control', 'no-store')
          .send(stream);
      },
    );

    http.get(
      '/v1/organization/rejected-events',
      { config: { access: 'organization.manage' }, schema: { querystring: rejectsQuery, response: { 200: rejectPageSchema } } },
      async (request) => {
        const { cursor = null, limit } = request.query;
        const data = await rejects.newest(principalOf(request).orgId, { before: cursor, limit });
        return { data, nextCursor: data.length === limit ? String(data.at(-1)?.id) : null };
      },
    );

    http.get(
      '/v1/organization/rejected-events/counts',
      { config: { access: 'organization.manage' }, schema: { response: { 200: rejectCountsSchema } } },
      async (request) => ({ data: await rejects.counts(principalOf(request).orgId, clock.nowMs()) }),
    );
  };
}

/** Gives up when the next chunk is not asked for in time: a reader that stands still must not keep others out. */
async function* withPatience(chunks: AsyncGenerator<string>, clock: Clock, giveUp: (cause: Error) => void): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    const cancel = clock.after(READER_PATIENCE_MS, () => giveUp(new Error('the reader of an export stood still')));
    try {
      yield chunk;
    } finally {
      cancel();
    }
  }
}
