// A stand-in for Insp and a shop, for looking at the player while building it. Never shipped: canned data, one
// room, no database. `node packages/player/dev/fake-server.ts [port]`, then open the printed address.
//   /                         shop page; ?mode=inline|overlay|button, ?insp=<show>, ?theme=dark, ?locale=ar ...
//   POST /dev/push            [{ type, data }] to every socket
//   POST /dev/state           { show: {...} } laid over the public show and the snapshot
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { createRoom, SHOW_ID } from './canned-room.ts';
import { shopPage } from './shop-page.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const distDir = join(here, '../dist');
const hlsDir = process.env.INSP_DEV_HLS_DIR ?? '/tmp/insp-dev-hls';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
  '.ts': 'video/mp2t',
  '.json': 'application/json',
  '.vtt': 'text/vtt',
  '.jpg': 'image/jpeg',
};

const room = createRoom();
const sockets = new Set<WebSocket>();
let pushOffset = 0;

function push(items: { type: string; data: unknown; isStream?: boolean }[]) {
  const frame = items.map(({ type, data, isStream = true }) => {
    const base = { v: 1, type, ts: Date.now(), data };
    if (!isStream) return base;
    pushOffset += 1;
    return { ...base, channel: 'viewers', offset: pushOffset };
  });
  for (const socket of sockets) socket.send(JSON.stringify(frame));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function sendJson(response: ServerResponse, status: number, value: unknown) {
  response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' });
  response.end(JSON.stringify(value));
}

function sendFile(response: ServerResponse, path: string) {
  try {
    const bytes = readFileSync(path);
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': 'no-store' });
    response.end(bytes);
  } catch {
    response.writeHead(404);
    response.end();
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', '*');
  if (request.method === 'OPTIONS') return response.writeHead(204).end();
  if (url.pathname.startsWith('/embed/')) return sendFile(response, join(distDir, url.pathname.slice('/embed/'.length)));
  if (url.pathname.endsWith('/chapters.json')) return sendJson(response, 200, room.chapters());
  const minute = /\/chat-(\d+)\.json$/.exec(url.pathname)?.[1];
  if (minute !== undefined) return sendJson(response, 200, room.saidIn(Number(minute)));
  if (url.pathname.startsWith('/live/')) return sendFile(response, join(hlsDir, url.pathname.slice('/live/'.length)));
  if (url.pathname === '/v1/viewer-sessions') {
    const body = await bodyOf(request);
    if (body.showId !== SHOW_ID) return sendJson(response, 404, { code: 'INSP_SHOWS_NOT_FOUND' });
    if (room.refuseWith) return sendJson(response, 403, { code: room.refuseWith, detail: 'http://shop.example' });
    return sendJson(response, 200, room.session(`http://${request.headers.host}`));
  }
  if (url.pathname === '/v1/show-tokens') return sendJson(response, 200, { showToken: 'v1.dev.dev' });
  if (url.pathname === '/dev/push') {
    const items = (await bodyOf(request)) as unknown as { type: string; data: unknown; isStream?: boolean }[];
    push(items);
    return sendJson(response, 200, {});
  }
  if (url.pathname === '/dev/state') {
    room.change(await bodyOf(request));
    return sendJson(response, 200, {});
  }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    ...(url.searchParams.has('csp')
      ? {
          'content-security-policy':
            "default-src 'self'; style-src 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'none'; img-src data: 'self'",
        }
      : {}),
  });
  response.end(shopPage(url));
});

const wss = new WebSocketServer({ server, handleProtocols: () => 'insp.v1' });
wss.on('connection', (socket, request) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', (raw) => {
    const { type, id, data } = JSON.parse(String(raw));
    const answer = (kind: 'ok' | 'refused', value: unknown) => socket.send(JSON.stringify([{ v: 1, type: kind, re: id, data: value }]));
    if (type === 'hello') {
      const welcome = { v: 1, type: 'welcome', ts: Date.now(), data: room.welcome(`http://${request.headers.host}`, pushOffset) };
      return socket.send(JSON.stringify([{ v: 1, type: 'ok', re: id, data: {} }, welcome]));
    }
    if (type === 'send_chat_message') {
      if (/refuse/.test(data.text)) return answer('refused', { code: 'INSP_CHAT_SLOW_MODE', title: '', fix: '', retryAfterMs: 7_000 });
      const message = room.post(data.text);
      answer('ok', { messageId: message.id, seq: message.seq });
      return push([{ type: 'chat_message_posted', data: message }]);
    }
    if (type === 'set_display_name') {
      room.rename(data.name);
      return answer('ok', { name: data.name });
    }
    if (type === 'report_player_events') console.log(data.events.map((event: { name: string }) => event.name).join(' '));
    if (type === 'send_reaction') push([{ type: 'reactions_counted', data: room.react(data.kind, data.count), isStream: false }]);
    answer('ok', {});
  });
});

server.listen(Number(process.argv[2] ?? 4699), '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/?mode=overlay`);
});
