// The last reports of a page: a page that goes takes its room with it, so the plug-in hands what is left to the browser
// (`navigator.sendBeacon`, W3C Beacon 1), which sends it as plain text, without a preflight and without our headers.
import { LIMITS } from '@insp/protocol';
import { playerEventBeaconSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import type { Outcome } from '../../kernel/outcome.ts';
import { type HttpServer, sendRefusal } from '../../platform/http/index.ts';
import type { PlayerReports } from './player-reports.ts';
import type { CaptureSession } from './ports.ts';

/** Text that holds JSON. Anything else is left as it came, for the schema to refuse. */
const jsonText = (body: unknown): unknown => {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

export type PlayerEventRoutesDeps = {
  playerReports: PlayerReports;
  /** `origin`: of the page that sends; refused when the session is of another. */
  verifySession(token: string, origin: string | null): Promise<Outcome<CaptureSession>>;
};

export function playerEventRoutes({ playerReports, verifySession }: PlayerEventRoutesDeps): (http: HttpServer) => void {
  return (http) => {
    http.post(
      '/v1/player-events',
      {
        bodyLimit: LIMITS.beaconBodyBytes,
        config: { access: 'viewer', cors: 'any-origin' },
        schema: { body: z.preprocess(jsonText, playerEventBeaconSchema), response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        const { token, events, sentAt } = request.body;
        const verified = await verifySession(token, request.headers.origin ?? null);
        if (!verified.ok) return sendRefusal(reply, verified);
        const taken = await playerReports.take(verified.value, events, sentAt);
        if (!taken.ok) return sendRefusal(reply, taken);
        return reply.code(204).send();
      },
    );
  };
}
