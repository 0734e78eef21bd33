// The browser bundles: the console as a single page application at /console/, the plug-in at /embed/ for pages of any
// origin. Files whose name carries a hash are kept for a year, all others are asked for again each time.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { HttpReply, HttpServer } from './create-http-server.ts';
import { sendProblem } from './problem.ts';

const HASHED_NAME = /[-.][\w-]{8,}\.(js|css|woff2?|svg|png|jpg|map)$/;

/** What the console may load: itself, product pictures from anywhere, video it builds from fetched parts, the shop in a frame. */
const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' https: http: data: blob:",
  "font-src 'self' data:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "frame-src 'self' https: http:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const NOT_BUILT = 'The console is not built. Start Insp with `npm start`, or run `npm run build` in packages/host-console.';

const cacheControl = (path: string) => (HASHED_NAME.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');

/** Serves the console; every address under /console/ that names no file is the page itself. */
export async function serveConsole(http: HttpServer, folder: string): Promise<void> {
  const page = join(folder, 'index.html');
  const sendPage = async (reply: HttpReply) => {
    const html = existsSync(page) ? await readFile(page, 'utf8') : null;
    if (html === null) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    return reply
      .header('content-security-policy', CONSOLE_POLICY)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html);
  };
  http.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/console/'));
  if (!existsSync(page)) {
    http.get('/console/*', { schema: { hide: true } }, (_request, reply) => sendPage(reply));
    return;
  }
  await http.register(
    async (scope) => {
      await scope.register(fastifyStatic, {
        root: folder,
        index: false,
        decorateReply: false,
        setHeaders: (reply, path) => {
          reply.header('cache-control', cacheControl(path));
        },
      });
      scope.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply as HttpReply));
      scope.setNotFoundHandler((request, reply) => {
        // A missing file is missing; any other address is a page of the application.
        if (/\.\w+$/.test(request.url.split('?', 1)[0] ?? '')) return sendProblem(reply, 'INSP_HTTP_NOT_FOUND');
        return sendPage(reply as HttpReply);
      });
    },
    { prefix: '/console' },
  );
}

/** Serves the plug-in's loader and its chunks to pages of any origin. */
export async function serveEmbed(http: HttpServer, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await http.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: folder,
      prefix: '/embed/',
      index: false,
      decorateReply: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', cacheControl(path));
        // Public files without any credential: `integrity` on the script tag needs CORS.
        reply.header('access-control-allow-origin', '*');
        reply.header('cross-origin-resource-policy', 'cross-origin');
      },
    });
  });
}
