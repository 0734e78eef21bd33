// `GET /healthz`: 200 when this process can serve (started, database answers), else 503. For load balancers and start scripts.
import * as z from 'zod';
import { type HttpServer, sendProblem } from '../platform/http/index.ts';
import type { Sql } from '../platform/postgres/database.ts';

const DATABASE_PATIENCE_MS = 2_000;

export function healthRoutes({ database, isReady }: { database: Sql; isReady: () => boolean }): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/healthz',
      {
        schema: {
          tags: ['operations'],
          summary: 'Whether this process can serve',
          response: { 200: z.strictObject({ status: z.literal('ok') }) },
        },
      },
      async (_request, reply) => {
        if (!isReady()) return sendProblem(reply, 'INSP_HTTP_NOT_READY');
        const patience = new Promise<false>((done) => setTimeout(done, DATABASE_PATIENCE_MS, false).unref());
        const answered = await Promise.race([
          database.query('SELECT 1').then(
            () => true,
            () => false,
          ),
          patience,
        ]);
        return answered ? { status: 'ok' as const } : sendProblem(reply, 'INSP_STORE_UNAVAILABLE');
      },
    );
  };
}
