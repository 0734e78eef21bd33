// A broadcast to several servers over real sockets, some of them bad: what happens to the bad one is named in time, and the
// good ones get every tag.
import type { FlvTag } from '@insp/media';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import type { Logger } from '../../kernel/logger.ts';
import { DIAL_LIMITS } from '../../platform/outbound/index.ts';
import { ATTEMPT_LIMITS } from './relay/attempt.ts';
import { SENDER_LIMITS } from './relay/sender.ts';
import { createPeer, type Peer, type PeerConduct } from './test-support/peers.ts';
import { CONFIGS, createRelayRig, type RelayRig, type RigOptions } from './test-support/relay-rig.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function peer(conduct: PeerConduct = {}): Promise<Peer> {
  const made = await createPeer(conduct);
  cleanUps.push(made.close);
  return made;
}

function setUp(options: RigOptions = {}): RelayRig {
  const rig = createRelayRig(options);
  cleanUps.push(rig.stop);
  return rig;
}

/** On air with these targets, numbered from 1; the good ones are up. */
async function onAir(peers: readonly Peer[], goodCount: number, options: RigOptions = {}): Promise<RelayRig> {
  const rig = setUp(options);
  rig.broadcast.showIs('live');
  for (const [index, { url }] of peers.entries()) rig.broadcast.put(rig.recordOf(index + 1, url));
  rig.connect();
  await rig.frame();
  await rig.until('the good targets are accepted', () => peers.slice(0, goodCount).every(({ publishCount }) => publishCount > 0));
  await rig.framesUntil('they are live', () => peers.slice(0, goodCount).every((_, index) => rig.status(index + 1)?.state === 'live'));
  return rig;
}

const bodies = (tags: readonly FlvTag[]) =>
  tags.map(({ kind, body }) => `${kind} ${Buffer.from(body).toString('base64').slice(0, 40)} ${body.length}`);

/** Every tag since the one it began with has arrived: configurations first, none lost, none changed, times from 0. */
async function expectComplete(rig: RelayRig, good: Peer): Promise<void> {
  const [connection] = good.connections;
  if (!connection) throw new Error('no connection');
  const wanted = () => {
    const configs = connection.tags.slice(0, 1);
    const first = connection.tags[configs.length];
    const from = rig.sent.findIndex(({ body }) => first && Buffer.from(body).equals(first.body));
    return rig.sent.slice(from);
  };
  const isConfig = ({ body }: FlvTag) => CONFIGS.some((config) => Buffer.from(config.body).equals(body));
  await rig.until('all has arrived', () => connection.tags.filter((tag) => !isConfig(tag)).length === wanted().length);
  const media = connection.tags.filter((tag) => !isConfig(tag));
  expect(bodies(media)).toEqual(bodies(wanted()));
  expect(connection.tags.filter(isConfig)).toHaveLength(2);
  expect(isConfig(connection.tags[0] as FlvTag)).toBe(true);
  const [first] = media;
  const begin = wanted()[0] as FlvTag;
  expect(first?.body[0]).toBe(0x17);
  expect(media.map(({ timestampMs }) => timestampMs)).toEqual(wanted().map(({ timestampMs }) => timestampMs - begin.timestampMs));
}

describe('a good target', () => {
  test('[RS-1] gets every tag from a key frame on, with its own time base, and a proper goodbye', async () => {
    const good = await peer();
    const rig = await onAir([good], 1);
    for (let count = 0; count < 90; count += 1) await rig.frame();
    await expectComplete(rig, good);
    expect(rig.reasonsOf(1)).toEqual([
      'idle waits_for_encoder',
      'resolving show_on_air',
      'connecting name_resolved',
      'handshaking connection_made',
      'publishing key_sent',
      'live picture_sent',
    ]);
    expect(good.connections[0]?.metadata).toEqual([
      expect.objectContaining({ width: 320, height: 180, videocodecid: 7, audiocodecid: 10 }),
    ]);
    expect(rig.status(1)).toMatchObject({ droppedFrameCount: 0, bitrateBitsPerSec: expect.any(Number) });
    rig.broadcast.finish('show_ended');
    await rig.until('the goodbye came', () => good.connections[0]?.isUnpublished === true);
    expect(rig.status(1)).toMatchObject({ state: 'ended', reason: 'show_ended' });
  });

  test('[RS-2] stays connected while the encoder is away and goes on after it, times rising', async () => {
    const good = await peer();
    const rig = await onAir([good], 1);
    rig.broadcast.tap.onDisconnected(rig.clock.nowMs());
    expect(rig.status(1)).toMatchObject({ state: 'publishing', reason: 'waits_for_encoder' });
    for (let count = 0; count < 40; count += 1) {
      rig.clock.advance(250);
      await rig.breathe();
    }
    expect(rig.status(1)?.state).toBe('publishing');
    const before = good.tags().at(-1)?.timestampMs ?? 0;
    rig.connect();
    await rig.framesUntil('it is live again', () => rig.status(1)?.state === 'live');
    await rig.until('the picture came', () => (good.tags().at(-1)?.timestampMs ?? 0) > before);
    const after = good.tags().at(-1)?.timestampMs ?? 0;
    expect(after - before).toBeGreaterThanOrEqual(10_000);
    expect(after - before).toBeLessThan(14_000);
    expect(good.connections).toHaveLength(1);
  });

  test('[RS-3] starts, stops, changes and goes on air with another address while others run', async () => {
    const [one, two, three] = [await peer(), await peer(), await peer()];
    const rig = await onAir([one], 1);
    const late = rig.recordOf(2, two.url, undefined, { isEnabled: false });
    rig.broadcast.put(late);
    expect(rig.status(2)).toMatchObject({ state: 'idle', reason: 'not_started' });
    rig.broadcast.put({ ...late, mode: 'on' });
    await rig.until('it asks', () => two.publishCount === 1);
    await rig.framesUntil('it is live', () => rig.status(2)?.state === 'live');
    rig.broadcast.put({ ...late, mode: 'off' });
    expect(rig.status(2)).toMatchObject({ state: 'idle', reason: 'stopped_by_host' });
    await rig.until('the goodbye came', () => two.connections[0]?.isUnpublished === true);
    rig.broadcast.put(rig.recordOf(1, three.url, 'another-key-123456'));
    await rig.until('it asks elsewhere', () => three.publishCount === 1);
    expect(three.connections[0]?.streamName).toBe('another-key-123456');
    await rig.until('the first was left', () => one.connections[0]?.isUnpublished === true);
    rig.broadcast.remove(late.id);
    expect(rig.broadcast.views()).toHaveLength(1);
  });

  test('[RS-4] a preview is not restreamed: nothing is dialled before the show is live', async () => {
    const good = await peer();
    const rig = setUp();
    rig.broadcast.showIs('waiting');
    rig.broadcast.put(rig.recordOf(1, good.url));
    rig.connect();
    for (let count = 0; count < 10; count += 1) await rig.frame();
    expect(rig.status(1)).toMatchObject({ state: 'idle', reason: 'waits_for_show' });
    expect(good.connections).toHaveLength(0);
    rig.broadcast.showIs('live');
    await rig.until('it is dialled', () => good.connections.length === 1);
  });
});

describe('a bad target hurts nobody else', () => {
  test.each<[string, PeerConduct]>([
    ['that acknowledges', {}],
    ['that never acknowledges', { isWithoutAcknowledgements: true }],
  ])('[RT2] a black hole %s: noticed within 6 s, dialled anew, others lose no frame', async (_what, conduct) => {
    const [good, hole] = [await peer(), await peer({ ...conduct, stopsReadingAfterTags: 200 })];
    const rig = await onAir([good, hole], 2, { realMsPerFrame: 4 });
    await rig.framesUntil('it stops reading', () => (hole.connections[0]?.tags.length ?? 0) >= 200);
    const noticedMs = await rig.framesUntil('it is noticed', () => rig.status(2)?.state !== 'live');
    expect(rig.status(2)).toMatchObject({ state: 'degraded', reason: 'too_slow' });
    expect(noticedMs).toBeLessThanOrEqual(6_000);
    const leftMs = await rig.framesUntil('it is given up', () => rig.status(2)?.state === 'backoff');
    expect(rig.status(2)?.reason).toBe('stalled');
    expect(leftMs).toBeLessThanOrEqual(ATTEMPT_LIMITS.wedgedMs);
    await rig.framesUntil('it is dialled anew', () => hole.connections.length === 2);
    await expectComplete(rig, good);
    expect(rig.statesOf(1)).not.toContain('degraded');
  });

  test('[RT2] a server that is never heard of is given up after 5 s, again and again', async () => {
    const [good, silent] = [await peer(), await peer({ isSilent: true })];
    const rig = await onAir([good, silent], 1);
    await rig.framesUntil('it was tried three times', () => silent.connections.length === 3);
    expect(rig.reasonsOf(2).filter((reason) => reason.startsWith('backoff'))).toEqual(['backoff no_answer', 'backoff no_answer']);
    await expectComplete(rig, good);
  });

  test('[RT2] a drip of 64 kbit/s: degraded, at most two seconds held, then dialled anew', async () => {
    const [good, drip] = [await peer(), await peer({ isByHand: true, isWithoutAcknowledgements: true })];
    const rig = await onAir([good, drip], 1);
    await rig.until('the drip is asked', () => drip.publishCount === 1);
    const stop = rig.clock.every(100, () => drip.readMore(800));
    await rig.framesUntil('it is noticed', () => rig.status(2)?.state === 'degraded');
    await rig.framesUntil('it is given up', () => rig.status(2)?.state === 'backoff');
    stop();
    expect(rig.status(2)).toMatchObject({ reason: 'stalled' });
    expect(rig.status(2)?.droppedFrameCount).toBeGreaterThan(0);
    await expectComplete(rig, good);
    expect(rig.status(1)?.droppedFrameCount).toBe(0);
  });

  test('[RT2] resets: tried again with growing pauses, on air in between, never failed', async () => {
    const [good, angry] = [await peer(), await peer({ resetsAfterTags: 30 })];
    const rig = await onAir([good, angry], 1);
    await rig.framesUntil('it was reset four times', () => rig.statesOf(2).filter((state) => state === 'backoff').length === 4);
    expect(rig.reasonsOf(2).filter((reason) => reason.startsWith('backoff'))).toEqual(Array(4).fill('backoff connection_lost'));
    expect(rig.statesOf(2)).not.toContain('failed');
    await expectComplete(rig, good);
  });

  test('[RT2] a reject storm: three tries, then failed with the words of the platform, and silence', async () => {
    const conduct = { decide: (name: string) => ({ code: 'NetStream.Publish.BadName', description: `no stream ${name}` }) };
    const [good, strict] = [await peer(), await peer(conduct)];
    const rig = await onAir([good, strict], 1);
    await rig.framesUntil('it failed', () => rig.status(2)?.state === 'failed');
    expect(strict.publishCount).toBe(3);
    expect(rig.status(2)).toMatchObject({ reason: 'key_rejected', detail: 'no stream …', nextTryAt: null });
    for (let count = 0; count < 90; count += 1) await rig.frame();
    expect(strict.publishCount).toBe(3);
    await expectComplete(rig, good);
    rig.broadcast.put(rig.recordOf(2, strict.url, undefined, { mode: 'on' }));
    await rig.until('a start by the host tries again', () => strict.publishCount === 4);
  });

  test('[RT2] a server that hangs up on the key is tried again, and says so', async () => {
    const [good, rude] = [await peer(), await peer({ decide: () => 'hang_up' })];
    const rig = await onAir([good, rude], 1);
    await rig.framesUntil('it was tried five times', () => rude.publishCount === 5);
    expect(new Set(rig.reasonsOf(2).filter((reason) => reason.startsWith('backoff')))).toEqual(new Set(['backoff hung_up_on_key']));
    await expectComplete(rig, good);
  });

  test('[RT2] half-open: a server that says it is done is left and dialled anew', async () => {
    const [good, half] = [await peer(), await peer({ halfClosesAfterTags: 20 })];
    const rig = await onAir([good, half], 1);
    await rig.framesUntil('it is dialled anew', () => half.connections.length === 2);
    expect(rig.reasonsOf(2)).toContain('backoff connection_lost');
    await expectComplete(rig, good);
  });

  test('[RT3] a certificate nobody vouches for is a TLS fault; with the right one the key travels', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    const [good, secure] = [await peer(), await peer({ tls: { key, cert } })];
    const rig = await onAir([good, secure], 1);
    await rig.until('it was tried', () => rig.statesOf(2).includes('backoff'));
    expect(rig.reasonsOf(2)).toContain('backoff tls_failed');
    expect(secure.publishCount).toBe(0);
    const trusting = await onAir([secure], 1, { trustedRoots: cert });
    for (let count = 0; count < 30; count += 1) await trusting.frame();
    await trusting.until('all arrived', () => secure.tags().length >= trusting.sent.length);
    expect(trusting.status(1)).toMatchObject({ state: 'live', droppedFrameCount: 0 });
  });

  test('[RT3] a name that points inside is refused for good, nothing is dialled', async () => {
    const good = await peer();
    const rig = await onAir([good], 1);
    rig.broadcast.put(rig.recordOf(2, 'rtmp://both-sides.example/live'));
    rig.broadcast.put(rig.recordOf(3, 'rtmp://10.0.0.1/live'));
    await rig.until('both are refused', () => rig.status(2)?.state === 'failed' && rig.status(3)?.state === 'failed');
    expect(rig.reasonsOf(2)).toEqual(['resolving show_on_air', 'failed address_refused']);
    expect(rig.reasonsOf(3)).toEqual(['resolving show_on_air', 'failed address_refused']);
  });

  test('nobody listens there: unreachable, tried again', async () => {
    const gone = await createPeer();
    await gone.close();
    const good = await peer();
    const rig = await onAir([good, gone], 1);
    await rig.framesUntil(
      'it was tried three times',
      () => rig.statesOf(2).filter((state) => state === 'backoff').length === 3,
      DIAL_LIMITS.connectMs * 6,
    );
    expect(rig.reasonsOf(2)).toContain('backoff unreachable');
    expect(SENDER_LIMITS.bufferedMs).toBe(2_000);
  });
});

test('no stream key is in a log line, a view or a change, whatever happens to the target', async () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)} ${String((fields as { err?: unknown }).err ?? '')}`);
  const logger: Logger = { error: write, warn: write, info: write, debug: write, child: () => logger };
  const peers = [
    await peer(),
    await peer({ decide: (name) => ({ code: name, description: `bad name ${name}` }) }),
    await peer({ resetsAfterTags: 10 }),
    await peer({ decide: () => 'hang_up' }),
  ];
  const rig = await onAir(peers, 1, { logger });
  await rig.framesUntil('all have had their trouble', () => [2, 3, 4].every((n) => rig.statesOf(n).length > 6));
  expect(peers[0]?.connections[0]?.streamName).toBe('secret-key-1-abcdef');
  const told = [...lines, JSON.stringify(rig.changes), JSON.stringify(rig.broadcast.views())].join('\n');
  for (const n of [1, 2, 3, 4]) expect(told).not.toContain(`secret-key-${n}`);
  expect(process.argv.join(' ')).not.toContain('secret-key');
});
