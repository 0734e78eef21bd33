// Replays over HTTP: files for viewers of any page (no cookies, any cache), and for staff the whole recording, the trim,
// the file to take away, the removal.
import { Readable } from 'node:stream';
import type { ShowId } from '@insp/protocol';
import { idSchema, replaySchema, updateReplaySchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import {
  answer,
  type HttpReply,
  type HttpRequest,
  type HttpServer,
  principalOf,
  sendProblem,
  sendRefusal,
} from '../../platform/http/index.ts';
import { parseRange } from './byte-range.ts';
import { REPLAY_LIMITS } from './limits.ts';
import type { ReplayFile } from './replay-files.ts';
import type { Replays } from './replays.ts';
import { fileKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';
import { createTextCache } from './text-cache.node.ts';

/** A replay may be trimmed or removed: caches forget its files within a day, playlists within seconds. */
const FILE_KEPT = 'public, max-age=86400, immutable';
const LIST_KEPT = 'max-age=0, s-maxage=1';
const PRIVATE = 'private, no-cache';

const TYPES = {
  playlist: 'application/vnd.apple.mpegurl',
  vtt: 'text/vtt; charset=utf-8',
  json: 'application/json; charset=utf-8',
  chat: 'application/json; charset=utf-8',
} as const;
const BINARY_TYPES = { video: 'video/mp4', audio: 'audio/mp4', jpeg: 'image/jpeg' } as const;

const showParams = z.strictObject({ showId: idSchema('shw') });
const fileName = z.string().min(1).max(100);
/** `_HLS_skip=v2` (date ranges too) is answered like `YES`, as the standard allows. */
const directives = z.looseObject({ _HLS_skip: z.enum(['YES', 'v2']).optional() });

/** What the routes speak for; the API reference is made without. */
export type RecordingsBehindHttp = { readonly replays: Replays; readonly store: SegmentStore };

export function recordingsRoutes({ recordings }: { recordings: RecordingsBehindHttp }): (http: HttpServer) => void {
  const texts = createTextCache(REPLAY_LIMITS.textsKept);
  /** A minute of chat is asked for by few at a time, and must not drive out the playlists all ask for. */
  const chats = createTextCache(REPLAY_LIMITS.chatsKept);

  async function send(request: HttpRequest, reply: HttpReply, file: ReplayFile, from: string, cache: { list: string; file: string }) {
    if ('key' in file) {
      const bytes = await recordings.store.get(file.key);
      if (bytes === null) return sendProblem(reply, 'INSP_RECORDINGS_NOT_FOUND');
      reply.header('cache-control', cache.file).type(BINARY_TYPES[file.kind]).header('content-length', bytes.length);
      return reply.send(request.method === 'HEAD' ? Readable.from([]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }
    const text = await (file.kind === 'chat' ? chats : texts).get(from, file.version, file.write);
    if (text === null) return sendProblem(reply, 'INSP_RECORDINGS_NOT_FOUND');
    const isCompressed = text.gzipped !== null && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const body = isCompressed && text.gzipped ? text.gzipped : text.plain;
    reply.header('cache-control', cache.list).header('vary', 'accept-encoding').type(TYPES[file.kind]);
    if (isCompressed) reply.header('content-encoding', 'gzip');
    reply.header('content-length', body.length);
    return reply.send(request.method === 'HEAD' ? Readable.from([]) : body);
  }

  return (http) => {
    http.get(
      '/replay/:playbackId/:file',
      {
        config: { access: 'public' },
        schema: { params: z.strictObject({ playbackId: z.string().min(1).max(100), file: fileName }), querystring: directives, hide: true },
        onSend: async (_request, reply) => openToAll(reply),
      },
      async (request, reply) => {
        const { playbackId, file: name } = request.params;
        const isDelta = request.query._HLS_skip !== undefined;
        const file = await recordings.replays.publicFile(playbackId, name, isDelta);
        if (file === null) return sendProblem(reply, 'INSP_RECORDINGS_NOT_FOUND');
        return send(request, reply, file, `public/${playbackId}/${name}/${isDelta}`, { list: LIST_KEPT, file: FILE_KEPT });
      },
    );

    http.get(
      '/v1/shows/:showId/replay',
      { config: { access: 'show.read' }, schema: { params: showParams, response: { 200: replaySchema } } },
      async (request, reply) => {
        reply.header('cache-control', 'no-store');
        return answer(reply, await recordings.replays.read(principalOf(request).orgId, request.params.showId as ShowId));
      },
    );

    http.patch(
      '/v1/shows/:showId/replay',
      { config: { access: 'show.run' }, schema: { params: showParams, body: updateReplaySchema, response: { 200: replaySchema } } },
      async (request, reply) =>
        answer(reply, await recordings.replays.change(principalOf(request).orgId, request.params.showId as ShowId, request.body)),
    );

    http.delete('/v1/shows/:showId/replay', { config: { access: 'show.plan' }, schema: { params: showParams } }, async (request, reply) =>
      answer(reply, await recordings.replays.remove(principalOf(request).orgId, request.params.showId as ShowId), 204),
    );

    http.post(
      '/v1/shows/:showId/replay/file',
      { config: { access: 'show.run' }, schema: { params: showParams, response: { 202: replaySchema } } },
      async (request, reply) =>
        answer(reply, await recordings.replays.makeFile(principalOf(request).orgId, request.params.showId as ShowId), 202),
    );

    http.get(
      '/v1/shows/:showId/replay/file.mp4',
      { config: { access: 'show.run' }, schema: { params: showParams } },
      async (request, reply) => {
        const showId = request.params.showId as ShowId;
        const found = await recordings.replays.finishedFile(principalOf(request).orgId, showId);
        if (!found.ok) return sendRefusal(reply, found);
        const key = fileKeyOf(showId, found.value.cut);
        const size = await recordings.store.size(key);
        if (size === null) return sendProblem(reply, 'INSP_RECORDINGS_NOT_FOUND');
        reply
          .type('video/mp4')
          .header('accept-ranges', 'bytes')
          .header('cache-control', PRIVATE)
          .header('etag', `"${found.value.cut}"`)
          .header('content-disposition', `attachment; filename="${showId}.mp4"`);
        const range = parseRange(request.headers.range, size);
        if (range === 'unsatisfiable') {
          reply.header('content-range', `bytes */${size}`);
          return sendProblem(reply, 'INSP_RECORDINGS_RANGE_INVALID');
        }
        const { startByte, endByte } = range ?? { startByte: 0, endByte: size - 1 };
        if (range !== null) reply.code(206).header('content-range', `bytes ${startByte}-${endByte}/${size}`);
        reply.header('content-length', endByte - startByte + 1);
        const stream = request.method === 'HEAD' ? Readable.from([]) : await recordings.store.open(key, { startByte, endByte });
        return stream === null ? sendProblem(reply, 'INSP_RECORDINGS_NOT_FOUND') : reply.send(stream);
      },
    );

    http.get(
      '/v1/shows/:showId/replay/media/:file',
      { config: { access: 'show.read' }, schema: { params: showParams.extend({ file: fileName }), querystring: directives, hide: true } },
      async (request, reply) => {
        const { showId, file: name } = request.params;
        const isDelta = request.query._HLS_skip !== undefined;
        const file = await recordings.replays.ownFile(principalOf(request).orgId, showId as ShowId, name, isDelta);
        if (!file.ok) return sendRefusal(reply, file);
        return send(request, reply, file.value, `whole/${showId}/${name}/${isDelta}`, { list: PRIVATE, file: PRIVATE });
      },
    );
  };
}

function openToAll(reply: HttpReply): void {
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  if (reply.statusCode === 404) reply.header('cache-control', LIST_KEPT);
}
