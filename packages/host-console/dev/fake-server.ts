// Stands in for the server while one looks at the console: HTTP, room socket, a moving picture, all canned (fake-data.ts).
// Development only. Start: `node packages/host-console/dev/fake-server.ts`, after `vite build`; it prints the addresses.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { ROLE_PERMISSIONS, type Role } from '@insp/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import * as fake from './fake-data.ts';

const dist = join(import.meta.dirname, '../dist');
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t',
};

export type FakeServer = {
  base: string;
  set(state: { role?: Role; isSignedIn?: boolean }): void;
  push(type: string, data: unknown): void;
  stop(): Promise<void>;
};

export async function startFakeServer({
  port = 0,
  isChatMoving = false,
}: {
  port?: number;
  isChatMoving?: boolean;
} = {}): Promise<FakeServer> {
  let role: Role = 'owner';
  let isSignedIn = true;
  let base = '';
  const hls = await makePicture();
  const sockets = new Set<WebSocket>();

  const http = createServer((request, response) => {
    void answer(request, response).catch((error) => send(response, 500, { title: String(error) }));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', base);
    const path = url.pathname;
    const now = Date.now();
    const maySeeMoney = ROLE_PERMISSIONS[role].includes('turnover.read');
    if (path.startsWith('/console')) return file(response, dist, path.slice('/console'.length), 'index.html');
    if (path.startsWith('/dev/hls/')) return file(response, hls, path.slice('/dev/hls'.length));
    if (path === '/dev/product.svg') return drawProduct(response, url);
    const body = await readBody(request);
    if (path === '/v1/me')
      return isSignedIn ? send(response, 200, fake.me(role)) : send(response, 401, { code: 'INSP_ACCOUNTS_SIGN_IN_REQUIRED' });
    if (path === '/v1/auth/sign-in/email') {
      if (body.password === 'wrong') return send(response, 401, { code: 'INSP_ACCOUNTS_CREDENTIALS_INVALID' });
      isSignedIn = true;
      return send(response, 200, {});
    }
    if (path === '/v1/auth/sign-out') {
      isSignedIn = false;
      return send(response, 200, {});
    }
    if (path === '/v1/organization') return send(response, 200, fake.organization);
    if (path.startsWith('/v1/organization/secrets/'))
      return send(response, 200, { secret: 'whsec_dGhpcyBpcyBhIGZha2Ugc2VjcmV0IG9mIHRoZSBmYWtl' });
    if (path === '/v1/organization/members') {
      const member = (n: number, name: string, memberRole: Role) => ({
        userId: `usr_${n}`,
        name,
        email: `${name.split(' ')[0]?.toLowerCase()}@hearth.example`,
        role: memberRole,
        joinedAt: now - n * 864e5,
      });
      return send(response, 200, {
        data: [member(1, 'Lea Brandt', 'owner'), member(2, 'Nils Aho', 'moderator'), member(3, 'Ada Okafor', 'producer')],
      });
    }
    if (path === '/v1/organization/invitations')
      return send(response, 200, {
        data: [{ id: 'i1', email: 'kim@hearth.example', role: 'host', expiresAt: now + 5 * 864e5, link: `${base}/console/invitations/i1` }],
      });
    if (path === '/v1/organization/api-keys') {
      const key = {
        id: 'k1',
        name: 'Nightly export',
        role: 'analyst',
        start: 'insp_7Qd',
        createdAt: now - 30 * 864e5,
        lastUsedAt: now - 9e6,
        expiresAt: null,
      };
      return request.method === 'POST'
        ? send(response, 201, { ...key, key: 'insp_7QdFakeFakeFakeFake' })
        : send(response, 200, { data: [key] });
    }
    if (path === '/v1/products') {
      const text = (url.searchParams.get('q') ?? '').toLowerCase();
      const all = Array.from({ length: fake.PRODUCT_COUNT }, (_, index) => fake.product(index + 1, base));
      return send(response, 200, { data: all.filter(({ title }) => title.toLowerCase().includes(text)), nextCursor: null });
    }
    if (path === '/v1/products/import')
      return send(response, 200, {
        createdCount: 2,
        updatedCount: 5,
        unchangedCount: 7,
        errors: [{ row: 9, externalId: 'HG-1009', pointer: '/variants/0/priceMinor', message: 'must be a whole number of cents' }],
      });
    if (path === '/v1/shows')
      return send(response, 200, { data: fake.SITUATIONS.map((situation) => fake.show(situation, now, base)), nextCursor: null });
    const [, , , id = '', part = '', rest = ''] = path.split('/');
    if (path.startsWith('/v1/shows/'))
      return answerShow(response, request.method ?? 'GET', fake.situationOf(id), part, rest, body, now, maySeeMoney);
    send(response, 404, { code: 'INSP_HTTP_NOT_FOUND' });
  }

  function answerShow(
    response: ServerResponse,
    method: string,
    situation: fake.Situation,
    part: string,
    rest: string,
    body: Record<string, unknown>,
    now: number,
    maySeeMoney: boolean,
  ): undefined {
    const show = fake.show(situation, now, base);
    if (part === '') return send(response, 200, { ...show, ...body });
    if (part === 'line-up') return send(response, 200, { ...show, lineUp: body.items, version: show.version + 1 });
    if (part === 'readiness') return send(response, 200, { data: fake.readiness(situation) });
    if (part === 'restream-targets')
      return send(
        response,
        method === 'POST' ? 201 : 200,
        method === 'GET' ? { data: fake.restreamTargets(situation, now) } : fake.restreamTargets('busy', now)[0],
      );
    if (part === 'report') return send(response, 200, fake.report(now, base, maySeeMoney));
    if (part === 'stream-health')
      return send(response, 200, { health: fake.health(situation, now), history: fake.healthHistory(situation, now) });
    if (part === 'stream-key' || part === 'backup-stream-key')
      return send(response, 200, {
        serverUrl: 'rtmp://live.hearth.example:1935/live',
        streamKey: 'live_hV3x1pQm9TtYb2sKc8Lr5Wn0JdZe7FgUo4AiRyX9fK2',
        lastFour: '9fK2',
      });
    if (part === 'console-sessions')
      return send(response, 201, {
        token: situation,
        expiresAt: now + 9e5,
        socketUrl: `${base.replace('http', 'ws')}/v1/rooms/${show.id}/socket`,
        viewerId: `vwr_${'0'.repeat(32)}`,
      });
    if (part === 'highlights' && method === 'POST') {
      if (fake.idOf(situation) === fake.idOf('paused')) return send(response, 409, { code: 'INSP_SHOWS_TOO_MANY_HIGHLIGHTS' });
      const highlight = { id: `hlt_${now.toString(16).padStart(32, '0')}`, kind: 'product', productId: body.productId, startedAt: now };
      push('highlight_started', highlight);
      return send(response, 200, highlight);
    }
    if (part === 'highlights') {
      push('highlight_ended', { highlightId: rest, productId: `prd_${'0'.repeat(31)}1` });
      return send(response, 204);
    }
    if (part === 'commands') return send(response, 200, show);
    send(response, 404, { code: 'INSP_HTTP_NOT_FOUND' });
  }

  function push(type: string, data: unknown): void {
    for (const socket of sockets) socket.send(JSON.stringify([{ v: 1, type, ts: Date.now(), data }]));
  }

  const rooms = new WebSocketServer({ server: http, handleProtocols: () => 'insp.v1' });
  rooms.on('connection', (socket) => {
    let seq = 200;
    let timer: ReturnType<typeof setInterval> | undefined;
    let health: ReturnType<typeof setInterval> | undefined;
    socket.on('message', (raw) => {
      const { type, id, data } = JSON.parse(String(raw));
      const now = Date.now();
      if (type === 'hello') {
        const situation = data.token as fake.Situation;
        const welcome = {
          sessionId: 'ses_1',
          viewerId: 'vwr_0',
          displayName: 'Lea Brandt',
          role,
          serverTime: now,
          positions: [],
          snapshot: fake.snapshot(situation, now, base, role),
        };
        socket.send(
          JSON.stringify([
            { v: 1, type: 'ok', re: id, data: {} },
            { v: 1, type: 'welcome', ts: now, data: welcome },
          ]),
        );
        sockets.add(socket);
        health = setInterval(() => push('health_changed', fake.health(situation, Date.now())), 1_000);
        if (isChatMoving && situation === 'busy') {
          timer = setInterval(() => {
            seq += 1;
            push('chat_message_posted', fake.message(seq, Date.now()));
          }, 700);
        }
        return;
      }
      socket.send(
        JSON.stringify([
          { v: 1, type: 'ok', re: id, data: type === 'send_chat_message' ? { messageId: `msg_${'f'.repeat(32)}`, seq: seq + 1 } : {} },
        ]),
      );
      if (type === 'remove_chat_message') push('chat_message_removed', data);
      if (type === 'set_slow_mode') push('slow_mode_changed', data);
      if (type === 'keep_live') push('auto_end_changed', { warning: null });
      if (type === 'resolve_cue') push('cue_ended', { cueId: data.cueId, outcome: data.outcome });
      if (type === 'send_chat_message')
        push('chat_message_posted', {
          ...fake.message(seq + 1, now),
          id: `msg_${'f'.repeat(32)}`,
          text: data.text,
          author: { kind: 'staff', id: 'vwr_0', name: 'Lea Brandt', isBuyer: false, isSimulated: false },
        });
    });
    socket.on('close', () => {
      clearInterval(timer);
      clearInterval(health);
      sockets.delete(socket);
    });
  });

  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const address = http.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  return {
    base,
    set(state) {
      role = state.role ?? role;
      isSignedIn = state.isSignedIn ?? isSignedIn;
    },
    push,
    async stop() {
      for (const socket of sockets) socket.terminate();
      rooms.close();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

function send(response: ServerResponse, status: number, body?: object): undefined {
  response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' });
  response.end(body === undefined || status === 204 ? '' : JSON.stringify(body));
}

function file(response: ServerResponse, folder: string, path: string, otherwise?: string): void {
  const wanted = join(folder, normalize(path));
  const found =
    wanted.startsWith(folder) && extname(wanted) !== '' && existsSync(wanted) ? wanted : otherwise ? join(folder, otherwise) : null;
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(found)] ?? 'application/octet-stream' });
  response.end(readFileSync(found));
}

/** A plain still life in the colour of the product. */
function drawProduct(response: ServerResponse, url: URL): void {
  const n = Number(url.searchParams.get('n'));
  const color = /^#[0-9a-f]{6}$/.exec(url.searchParams.get('c') ?? '')?.[0] ?? '#888888';
  const shapes = [
    `<path d="M22 40 Q50 26 78 40 V76 Q50 64 22 76 Z" fill="${color}"/><path d="M22 50 Q50 36 78 50" stroke="#0002" fill="none" stroke-width="2"/>`,
    `<rect x="34" y="22" width="22" height="40" rx="10" fill="${color}"/><rect x="34" y="52" width="38" height="22" rx="11" fill="${color}"/>`,
    `<rect x="28" y="34" width="36" height="40" rx="8" fill="${color}"/><path d="M64 42 q16 0 16 12 t-16 12" stroke="${color}" stroke-width="6" fill="none"/>`,
    `<rect x="20" y="30" width="52" height="44" rx="10" fill="${color}"/><rect x="70" y="48" width="16" height="8" rx="4" fill="${color}"/>`,
    `<rect x="42" y="28" width="16" height="52" rx="4" fill="${color}"/><path d="M50 14 q6 8 0 13 q-6 -5 0 -13z" fill="#f2a33c"/>`,
  ];
  response.writeHead(200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=600' });
  response.end(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#efe9df"/>${shapes[n % shapes.length]}</svg>`,
  );
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

/** Twenty seconds of a moving picture, made once by ffmpeg; without ffmpeg the preview says that none comes. */
async function makePicture(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'insp-look-'));
  const source = 'gradients=s=640x360:r=24:d=20:c0=0x8a6a4c:c1=0x2b2622:c2=0xd9c4a0:c3=0x4c5a52:n=4:speed=0.004';
  await new Promise<void>((resolve) => {
    execFile(
      'ffmpeg',
      [
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        source,
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-g',
        '48',
        '-pix_fmt',
        'yuv420p',
        '-f',
        'hls',
        '-hls_time',
        '2',
        '-hls_list_size',
        '0',
        join(folder, 'index.m3u8'),
        '-frames:v',
        '1',
        join(folder, 'still.jpg'),
      ],
      () => resolve(),
    );
  });
  return folder;
}

if (process.argv[1] === import.meta.filename) {
  const { base } = await startFakeServer({ port: Number(process.argv[2] ?? 4610), isChatMoving: true });
  for (const situation of fake.SITUATIONS) console.log(`${situation.padEnd(13)} ${base}/console/shows/${fake.idOf(situation)}/live`);
}
