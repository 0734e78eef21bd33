// `GET /healthz/pressure`: what this process sheds, what it measures and what it has left out, for operators and their
// monitoring. Says nothing of any shop.
import { pressureStatusSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import type { HttpServer } from '../../platform/http/index.ts';
import type { Pressure } from './pressure.ts';

const numbersSchema = z.record(z.string(), z.number().nullable());

export function pressureRoutes({ pressure }: { pressure: Pick<Pressure, 'status' | 'signals' | 'stats'> }): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/healthz/pressure',
      {
        config: { access: 'public' },
        schema: {
          tags: ['operations'],
          summary: 'Level of shedding, signals and counters of this process',
          response: { 200: z.strictObject({ status: pressureStatusSchema, signals: numbersSchema, counters: numbersSchema }) },
        },
      },
      async (_request, reply) => {
        reply.header('cache-control', 'no-store');
        return { status: pressure.status(), signals: { ...pressure.signals() }, counters: { ...pressure.stats() } };
      },
    );
  };
}
