// The HLS origin: playlists, init sections and segments from memory. Any page may read them (CORS `*`, no cookies),
// and any cache may keep what never changes (media.md 4).
import { Readable } from 'node:stream';
import type { LiveFile } from '@insp/media';
import * as z from 'zod';
import { type HttpReply, type HttpServer, sendProblem } from '../../platform/http/index.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT = 'max-age=0, s-maxage=1';

const paramsSchema = z.object({ playbackId: z.string().max(100), file: z.string().max(100) });

export function mediaRoutes(findFile: (playbackId: string, name: string) => LiveFile | null): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/live/:playbackId/:file',
      { config: { access: 'public' }, schema: { params: paramsSchema, hide: true }, onSend: async (_request, reply) => openToAll(reply) },
      async (request, reply) => {
        const file = findFile(request.params.playbackId, request.params.file);
        if (!file) return sendProblem(reply, 'INSP_MEDIA_NOT_ON_AIR');
        const isPlaylist = file.kind === 'multivariant' || file.kind === 'media_playlist';
        reply.header('cache-control', isPlaylist ? SHORT : IMMUTABLE);
        reply.type(isPlaylist ? 'application/vnd.apple.mpegurl' : file.kind === 'video' ? 'video/mp4' : 'audio/mp4');
        const body = 'text' in file ? Buffer.from(file.text) : Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
        reply.header('content-length', body.length);
        return reply.send(request.method === 'HEAD' ? Readable.from([]) : body);
      },
    );
  };
}

function openToAll(reply: HttpReply): void {
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
  // Caches hold a "not yet" for a second at most, or a show that begins would seem to begin late.
  if (reply.statusCode === 404) reply.header('cache-control', SHORT);
}
