// The HLS origin: playlists, init sections, segments and parts from memory. Any page may read them (CORS `*`, no
// cookies), and a cache in front may keep and join everything: what never changes for ever, a playlist asked for by
// its number for three target durations, the rest for a second (media.md 4); the newest still for as long as it is new.
import { Readable } from 'node:stream';
import { type Directives, type LiveFile, NO_DIRECTIVES } from '@insp/media';
import type { ErrorCode } from '@insp/protocol';
import * as z from 'zod';
import { type HttpReply, type HttpRequest, type HttpServer, sendProblem } from '../../platform/http/index.ts';
import type { RequestAnswer } from './live-requests.ts';
import { chooseEncoding, createPlaylistBodies } from './playlist-bodies.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT = 'max-age=0, s-maxage=1';
/** The pace stills come at. */
const STILL = 'public, max-age=5';

export type LiveSource = {
  /** Answers at once or later; the return value withdraws the request. */
  ask(playbackId: string, name: string, directives: Directives, onAnswer: (answer: RequestAnswer) => void): () => void;
  /** The newest still, a JPEG; null when there is none. */
  still(playbackId: string): Uint8Array | null;
  /** Sends away all who wait. */
  stopWaiting(): void;
};

const showSchema = z.object({ playbackId: z.string().max(100) });
const paramsSchema = showSchema.extend({ file: z.string().max(100) });

type Problem = { readonly code: ErrorCode; readonly detail?: string; readonly retryAfterMs?: number };

const PROBLEMS: { [K in Exclude<RequestAnswer['kind'], 'file'>]: (answer: Extract<RequestAnswer, { kind: K }>) => Problem } = {
  none: () => ({ code: 'INSP_MEDIA_NOT_ON_AIR' }),
  refused: ({ reason }) => ({ code: 'INSP_MEDIA_RELOAD_INVALID', detail: REFUSALS[reason] }),
  too_late: () => ({ code: 'INSP_MEDIA_RELOAD_TOO_LATE', retryAfterMs: 1_000 }),
  too_many: () => ({ code: 'INSP_MEDIA_TOO_MANY_WAITING', retryAfterMs: 1_000 }),
  stopped: () => ({ code: 'INSP_HTTP_NOT_READY', retryAfterMs: 1_000 }),
};
const REFUSALS = {
  part_without_sequence: '_HLS_part needs _HLS_msn.',
  too_far_ahead: 'The part or segment asked for is too far ahead.',
  not_a_number: '_HLS_msn and _HLS_part are whole numbers.',
} as const;

export function mediaRoutes(live: LiveSource): (http: HttpServer) => void {
  const bodies = createPlaylistBodies();

  function send(request: HttpRequest, reply: HttpReply, file: LiveFile, isByNumber: boolean): HttpReply {
    const isHead = request.method === 'HEAD';
    reply.header('cache-control', cacheControlOf(file, isByNumber));
    let body: Buffer;
    if ('text' in file) {
      const encoding = chooseEncoding(request.headers['accept-encoding']);
      body = bodies.bodyOf(file, encoding);
      reply.type('application/vnd.apple.mpegurl').header('vary', 'accept-encoding');
      if (encoding !== 'identity') reply.header('content-encoding', encoding);
    } else {
      body = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
      reply.type(file.kind === 'video' ? 'video/mp4' : 'audio/mp4');
    }
    reply.header('content-length', body.length);
    return reply.send(isHead ? Readable.from([]) : body);
  }

  return (http) => {
    // Else a server that stops would wait for them.
    http.addHook('preClose', async () => live.stopWaiting());
    const common = { config: { access: 'public' }, onSend: async (_request: HttpRequest, reply: HttpReply) => openToAll(reply) } as const;
    http.get('/live/:playbackId/still.jpg', { ...common, schema: { params: showSchema, hide: true } }, (request, reply) => {
      const still = live.still(request.params.playbackId);
      if (still === null) return sendProblem(reply, 'INSP_MEDIA_NOT_ON_AIR');
      return reply
        .header('cache-control', STILL)
        .type('image/jpeg')
        .send(Buffer.from(still.buffer, still.byteOffset, still.byteLength));
    });
    http.get('/live/:playbackId/:file', { ...common, schema: { params: paramsSchema, hide: true } }, async (request, reply) => {
      const { playbackId, file } = request.params;
      const directives = readDirectives(request.query);
      if (directives === null) return sendProblem(reply, 'INSP_MEDIA_RELOAD_INVALID', { detail: REFUSALS.not_a_number });
      const answer = await new Promise<RequestAnswer>((resolve) => {
        const withdraw = live.ask(playbackId, file, directives, resolve);
        reply.raw.once('close', withdraw);
      });
      if (answer.kind === 'file') return send(request, reply, answer.file, directives.mediaSequence !== null);
      const { code, ...more } = (PROBLEMS[answer.kind] as (answer: RequestAnswer) => Problem)(answer);
      return sendProblem(reply, code, more);
    });
  };
}

/** The directives of a playlist request; null when one is no number. Other parameters are nobody's business. */
function readDirectives(query: unknown): Directives | null {
  const { _HLS_msn: sequence, _HLS_part: part, _HLS_skip: skip } = query as Record<string, unknown>;
  if (sequence === undefined && part === undefined && skip === undefined) return NO_DIRECTIVES;
  const isNumber = (value: unknown) => value === undefined || (typeof value === 'string' && /^\d{1,15}$/.test(value));
  if (!isNumber(sequence) || !isNumber(part)) return null;
  return {
    mediaSequence: sequence === undefined ? null : Number(sequence),
    partIndex: part === undefined ? null : Number(part),
    skip: skip === 'YES' || skip === 'v2' ? skip : null,
  };
}

function cacheControlOf(file: LiveFile, isByNumber: boolean): string {
  if (!('text' in file)) return IMMUTABLE;
  // Half a segment, in whole seconds (RFC 9111 1.2.2).
  const keptSec = Math.max(1, Math.floor(file.targetDurationSec / 2));
  if (file.kind === 'multivariant') return `max-age=0, s-maxage=${file.isSettled ? keptSec : 1}`;
  return isByNumber ? `public, max-age=${file.targetDurationSec * 3}` : SHORT;
}

function openToAll(reply: HttpReply): void {
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  // Caches hold a "not yet" for a second at most, or a show that begins would seem to begin late.
  if (reply.statusCode >= 400) reply.header('cache-control', SHORT);
}
