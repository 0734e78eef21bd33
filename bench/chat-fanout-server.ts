// One server under load: the room hub (`hub`), or the way everybody writes first (`plain`): for each line, for each
// socket, serialize and send.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isId, type PushData, type RoomSnapshot, type ShowId, type ViewerId } from '@insp/protocol';
import { WebSocketServer } from 'ws';
// The hub alone is no public entry of the server package; a bench of a module reaches into it on purpose.
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { createIds } from '../packages/server/src/kernel/ids.ts';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { accepted, refused } from '../packages/server/src/kernel/outcome.ts';
import { systemRandom } from '../packages/server/src/kernel/random.ts';
import { createRealtime, type Realtime } from '../packages/server/src/modules/realtime/index.ts';
import { createCpuMeter } from './chat-fanout-report.ts';
import { openChat } from './chat-fanout-store.ts';

const [variant, store] = process.argv.slice(2) as ['hub' | 'plain', 'none' | 'postgres'];
const SHOW: ShowId = `shw_${'1'.padStart(32, '0')}`;
const hex = (number: number) => number.toString(16).padStart(32, '0');

const snapshot: RoomSnapshot = {
  showState: 'live',
  graceEndsAt: null,
  playlistUrl: null,
  highlights: [],
  products: [],
  pinnedMessage: null,
  recentMessages: [],
  slowModeSec: 0,
  watchingCount: 0,
  reactionCounts: {},
  staff: null,
};

function chatLine(seq: number, viewerId: ViewerId, name: string, text: string): PushData<'chat_message_posted'> {
  const author = { kind: 'viewer', id: viewerId, name, isBuyer: false, isSimulated: true } as const;
  return { id: `msg_${hex(seq)}`, seq, author, text, postedAt: Date.now(), platform: 'insp' };
}

const http = createServer();
let chat: Awaited<ReturnType<typeof openChat>> | null = null;
let stopHub = async () => {};

async function serveHub(): Promise<void> {
  const ids = createIds(systemClock, systemRandom);
  let seq = 0;
  if (store === 'postgres') chat = await openChat({ showId: SHOW, room: () => realtime });
  const realtime: Realtime = createRealtime({
    clock: systemClock,
    ids,
    random: systemRandom,
    logger: silentLogger,
    async verifySession(token) {
      const number = Number(token.slice(1));
      const viewerId: ViewerId = `vwr_${hex(number)}`;
      if (!isId('vwr', viewerId)) return refused('INSP_EMBED_SESSION_INVALID');
      return accepted({
        ...{ sessionId: `ses_${hex(number)}` as const, showId: SHOW, orgId: 'bench', viewerId, memberId: null, role: 'viewer' as const },
        ...{ displayName: `Viewer ${number}`, customerId: null, isSimulated: true, source: 'bench' },
      });
    },
    snapshot: async () => snapshot,
    capture: chat ? chat.capture : { accept: () => {} },
    handlers: {
      send_chat_message: chat
        ? chat.handler
        : {
            permission: null,
            async handle(session, { text }) {
              seq += 1;
              const line = chatLine(seq, session.viewerId, session.displayName, text);
              realtime.publish(SHOW, 'viewers', 'chat_message_posted', line);
              return accepted({ messageId: line.id, seq });
            },
          },
    },
  });
  realtime.attach(http);
  await realtime.start();
  stopHub = realtime.stop;
}

function servePlain(): void {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false, handleProtocols: () => 'insp.v1' });
  let seq = 0;
  server.on('connection', (socket) => {
    let number = 0;
    socket.on('message', (data) => {
      const request = JSON.parse(data.toString());
      const ok = { v: 1, type: 'ok', re: request.id, data: {} };
      if (request.type === 'hello') {
        number = Number(request.data.token.slice(1));
        socket.send(JSON.stringify([ok, { v: 1, type: 'welcome', ts: Date.now(), data: { snapshot } }]));
        return;
      }
      socket.send(JSON.stringify([ok]));
      seq += 1;
      const line = chatLine(seq, `vwr_${hex(number)}`, `Viewer ${number}`, request.data.text);
      const push = { v: 1, type: 'chat_message_posted', ts: Date.now(), channel: 'viewers', offset: seq, data: line };
      for (const client of server.clients) client.send(JSON.stringify([push]));
    });
  });
}

/** Garbage is not what a socket costs. */
function rssMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Math.round(process.memoryUsage().rss / 1024 ** 2);
}
const heapMb = () => Math.round((process.memoryUsage().heapUsed + process.memoryUsage().external) / 1024 ** 2);
const cpu = createCpuMeter();
const idle = { rssMb: 0, heapMb: 0 };
const connected = { rssMb: 0, heapMb: 0 };

async function tellResult(): Promise<void> {
  const serverCpuPct = cpu.read();
  process.send?.({ serverCpuPct, idle, connected, rssEndMb: rssMb(), archivedCount: (await chat?.archivedCount()) ?? null });
}

async function stop(): Promise<void> {
  await stopHub();
  await chat?.close();
  process.exit();
}
// The bench is gone: leave nothing behind.
process.once('disconnect', () => void stop());
process.on('message', ({ kind }: { kind: 'connected' | 'begin' | 'end' | 'stop' }) => {
  if (kind === 'connected') Object.assign(connected, { rssMb: rssMb(), heapMb: heapMb() });
  else if (kind === 'begin') cpu.begin();
  else if (kind === 'stop') void stop();
  else void tellResult();
});

if (variant === 'plain') servePlain();
else await serveHub();
await new Promise<void>((done) => http.listen(0, '127.0.0.1', 4096, done));
Object.assign(idle, { rssMb: rssMb(), heapMb: heapMb() });
process.send?.({ url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v1/rooms/${SHOW}/socket` });
