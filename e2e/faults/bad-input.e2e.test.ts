// What strangers and broken programs send, to the whole system over its real doors: each is refused with its registered
// code, and the room goes on for everybody else. The modules' own tests go into each rule; here they are wired.
import { createHmac, randomUUID } from 'node:crypto';
import { ERROR_CODES } from '@insp/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { waitUntil } from './system/insp-process.ts';
import { type SellingSystem, startSellingSystem } from './system/selling-system.ts';
import { joinShow } from './system/shoppers.ts';

type Problem = { code: string; title: string; fix: string; detail?: string };
type Item = { type: string; re?: string; data: Partial<Problem> & { text?: string } };

let system: SellingSystem;
beforeAll(async () => {
  system = await startSellingSystem();
});
afterAll(() => system?.remove());

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Problem> {
  const answer = await fetch(system.at.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return (await answer.json()) as Problem;
}

async function enter(token: string) {
  const socket = new WebSocket(`${system.at.url.replace('http', 'ws')}/v1/rooms/${system.showId}/socket`, 'insp.v1', {
    origin: system.shop.url,
  });
  const items: Item[] = [];
  socket.on('message', (data) => items.push(...(JSON.parse(String(data)) as Item[])));
  await new Promise((done) => socket.once('open', done));
  const send = (type: string, data: unknown, id: string = randomUUID().slice(0, 8)) => {
    socket.send(JSON.stringify({ v: 1, type, id, data }));
    return id;
  };
  send('hello', { token, positions: [] }, 'hello');
  const codeAfter = async (code: string) => {
    await waitUntil(
      () => `${code} among ${JSON.stringify(items.slice(-3))}`,
      async () => items.some((item) => item.data?.code === code),
      10_000,
    );
    return items.find((item) => item.data?.code === code)!.data;
  };
  return { socket, items, send, codeAfter };
}
const isClear = ({ code, title, fix }: Partial<Problem>) => {
  const known = ERROR_CODES[code as keyof typeof ERROR_CODES];
  expect([title, fix ?? known.fix]).toEqual([known.title, known.fix]);
};

test('shows that are unknown or not published, and pages that may not embed, get no session', async () => {
  const origin = system.shop.url;
  const draft = await system.api.createShow({ title: 'Not yet', description: '', hostName: '', scheduledAt: null });
  const unknown = `shw_${'0'.repeat(32)}`;
  const answers = await Promise.all([
    post('/v1/viewer-sessions', { showId: unknown }, { origin }),
    post('/v1/viewer-sessions', { showId: draft.id }, { origin }),
    post('/v1/viewer-sessions', { showId: system.showId }, { origin: 'https://elsewhere.example' }),
    post('/v1/viewer-sessions', { showId: 'no show id' }, { origin }),
  ]);
  expect(answers.map(({ code }) => code)).toEqual([
    'INSP_SHOWS_NOT_FOUND',
    'INSP_SHOWS_NOT_PUBLISHED',
    'INSP_EMBED_ORIGIN_BLOCKED',
    'INSP_HTTP_INVALID_BODY',
  ]);
  for (const answer of answers) isClear(answer);
});

test('in the room: long lines, markup, malformed and oversized frames, a right a viewer has not; the others chat on', async () => {
  const witness = await enter((await joinShow(system, 'Witness')).token);
  const rude = await enter((await joinShow(system, 'Rude')).token);
  await waitUntil('both are in', async () => [witness, rude].every(({ items }) => items.some(({ type }) => type === 'welcome')));

  const say = (text: string) => rude.send('send_chat_message', { key: randomUUID(), text });
  say('x'.repeat(171));
  isClear(await rude.codeAfter('INSP_CHAT_TOO_LONG'));
  say(' \u0000\u200b ');
  isClear(await rude.codeAfter('INSP_CHAT_EMPTY'));
  rude.socket.send('{"v":1,');
  isClear(await rude.codeAfter('INSP_REALTIME_FRAME_MALFORMED'));
  rude.send('remove_chat_message', { messageId: `msg_${'0'.repeat(32)}` });
  isClear(await rude.codeAfter('INSP_REALTIME_FORBIDDEN'));
  say('<img src=x onerror=alert(1)>\u202e hi\u0007');
  await waitUntil('the markup is text to everybody', async () =>
    witness.items.some(({ data }) => data.text === '<img src=x onerror=alert(1)> hi'),
  );
  // A line of 10 KB does not fit a frame.
  say('x'.repeat(10 * 1024));
  isClear(await rude.codeAfter('INSP_REALTIME_FRAME_TOO_LARGE'));
  // Far beyond what is read at all: the socket is closed.
  const vast = await enter((await joinShow(system, 'Vast')).token);
  const closed = new Promise((done) => vast.socket.once('close', done));
  vast.socket.send('x'.repeat(4 * 1024 * 1024));
  await closed;

  const id = witness.send('send_chat_message', { key: randomUUID(), text: 'Still here?' });
  await waitUntil('the witness is answered', async () => witness.items.some(({ re, type }) => re === id && type === 'ok'));
  for (const { socket } of [witness, rude]) socket.close();
});

test('a session nobody gave out opens neither the room nor the till', async () => {
  const stranger = await enter('eyJhbGciOiJIUzI1NiJ9.e30.AAAA');
  isClear(await stranger.codeAfter('INSP_EMBED_SESSION_INVALID'));
  const mint = { productId: system.products[0]!.id, highlightId: null };
  isClear(await post('/v1/show-tokens', mint, { origin: system.shop.url, authorization: 'Bearer forged' }));
  expect((await post('/v1/show-tokens', mint, { origin: system.shop.url, authorization: 'Bearer forged' })).code).toBe(
    'INSP_EMBED_SESSION_INVALID',
  );
  stranger.socket.close();
});

test('the order webhook: a wrong signature, an old one, a forged show token, the same again, the same id with other content', async () => {
  const { id: orgId } = await system.api.organization();
  const product = system.products[0]!;
  const order = (orderRef: string) => {
    const at = new Date().toISOString();
    const line = {
      lineId: '1',
      sku: product.variants[0]!.sku,
      productRef: product.externalId,
      quantity: 1,
      amountMinor: 1234,
      showToken: 'v1.forged.AAAA',
    };
    return JSON.stringify({
      type: 'order.paid',
      timestamp: at,
      data: { orderRef, currency: 'EUR', placedAt: at, simulated: true, lines: [line] },
    });
  };
  const deliver = (
    body: string,
    id: string,
    { secret = system.secrets.orderWebhookSecret, atSec = Math.floor(Date.now() / 1_000) } = {},
  ) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${atSec}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(atSec), 'webhook-signature': `v1,${signature}` };
    return post(`/v1/webhooks/orders/${orgId}`, body, headers) as Promise<
      Problem & { isRepeat: boolean; attributedLineCount: number; warnings: { code: string }[] }
    >;
  };
  const body = order('BAD-1');
  expect((await deliver(body, 'one', { secret: `whsec_${Buffer.alloc(24).toString('base64')}` })).code).toBe(
    'INSP_ORDERS_SIGNATURE_INVALID',
  );
  expect((await deliver(body, 'one', { atSec: Math.floor(Date.now() / 1_000) - 3_600 })).code).toBe('INSP_ORDERS_TIMESTAMP_OUT_OF_WINDOW');
  const taken = await deliver(body, 'one');
  expect([taken.isRepeat, taken.attributedLineCount, taken.warnings.map(({ code }) => code)]).toEqual([
    false,
    0,
    ['INSP_ORDERS_SHOW_TOKEN_INVALID'],
  ]);
  expect((await deliver(body, 'one')).isRepeat).toBe(true);
  expect((await deliver(order('BAD-2'), 'one')).code).toBe('INSP_ORDERS_CONTENT_CHANGED');
});
