import type { FlvTag } from '@insp/media';
import { describe, expect, test } from 'vitest';
import { CONFIGS, picture, sound } from '../test-support/relay-rig.ts';
import { createDelivery } from './delivery.ts';
import { createSender, SENDER_LIMITS } from './sender.ts';
import { createTagRing, type RelayTag, RING_LIMITS } from './tag-ring.ts';

const KEY = 0x65;
const REFERENCE = 0x41;
const DISPOSABLE = 0x01;

function setUp() {
  const ring = createTagRing();
  ring.begin();
  for (const tag of CONFIGS) ring.push(tag, 0);
  const delivery = createDelivery(true);
  const sent: { kind: string; timestampMs: number; role: string; mark: number }[] = [];
  let unsent = 0;
  let isStuck = false;
  const sender = createSender({
    encode: (tag, timestampMs) => {
      const role = 'role' in tag ? (tag as RelayTag).role : 'config';
      sent.push({
        kind: tag.kind,
        timestampMs,
        role,
        mark: role === 'config' || tag.kind === 'audio' ? -1 : Buffer.from(tag.body).readUInt32BE(10),
      });
      return [tag.body];
    },
    write: (parts) => {
      if (isStuck) for (const part of parts) unsent += part.length;
    },
    unsentBytes: () => unsent,
    delivery,
  });
  const feed = (tag: FlvTag) => {
    const relayTag = ring.push(tag, tag.timestampMs);
    if (relayTag) sender.offer(relayTag, tag.timestampMs);
  };
  return {
    ...{ ring, sender, sent, feed },
    stick(stuck: boolean) {
      isStuck = stuck;
    },
    leave() {
      isStuck = false;
      unsent = 0;
    },
    pictures: () => sent.filter(({ kind, role }) => kind === 'video' && role !== 'config').map(({ mark }) => mark),
  };
}
/** 30 pictures a second, a key frame every `gop`, every third disposable. */
const pictureAt = (index: number, gop = 30) =>
  picture(Math.round((index * 1000) / 30), index % gop === 0 ? KEY : index % 3 === 2 ? DISPOSABLE : REFERENCE, 1_000, index);

describe('the ring', () => {
  test('keeps from the last key frame on, up to a second, and shares the bytes', () => {
    const { ring, feed } = setUp();
    feed(pictureAt(1));
    expect(ring.recent()).toEqual([]);
    for (let index = 30; index <= 59; index += 1) feed(pictureAt(index));
    expect(ring.recent()).toHaveLength(30);
    expect(ring.sizeBytes).toBe(30_000);
    feed(pictureAt(60));
    expect(ring.recent()).toHaveLength(1);
  });

  test('a group longer than a second is let go: its limit, from both sides', () => {
    const at = (lastMs: number) => {
      const { ring, feed } = setUp();
      feed(picture(0, KEY, 100));
      feed(picture(lastMs, REFERENCE, 100));
      return ring.recent().length;
    };
    expect(at(RING_LIMITS.spanMs)).toBe(2);
    expect(at(RING_LIMITS.spanMs + 1)).toBe(0);
  });

  test('passes on nothing before its configuration, nor the end-of-sequence tag', () => {
    const ring = createTagRing();
    ring.begin();
    expect(ring.push(pictureAt(0), 0)).toBeNull();
    expect(ring.push({ kind: 'video', timestampMs: 0, body: Uint8Array.of(0x17, 2, 0, 0, 0) }, 0)).toBeNull();
    for (const tag of CONFIGS) expect(ring.push(tag, 0)).toBeNull();
    expect(ring.push(pictureAt(0), 0)).toMatchObject({ role: 'key' });
    expect(ring.metadata()).toMatchObject({ width: 320, height: 180, audiosamplerate: 48_000, stereo: true });
  });

  test('over the 32-bit border time runs on; a jump begins a new epoch and time still runs on', () => {
    const { ring } = setUp();
    const push = (timestampMs: number, nal = REFERENCE) => ring.push(picture(timestampMs, nal, 100), 0);
    const [one, two] = [push(0xffff_fff0, KEY), push(0x10)];
    expect([two?.epoch, (two?.dtsMs ?? 0) - (one?.dtsMs ?? 0)]).toEqual([one?.epoch, 32]);
    const jumped = push(0x10 + RING_LIMITS.jumpMs + 1);
    expect([jumped?.epoch, (jumped?.dtsMs ?? 0) - (two?.dtsMs ?? 0)]).toEqual([(one?.epoch ?? 0) + 1, 1]);
    expect(push(0x10 + 2 * RING_LIMITS.jumpMs + 1)?.epoch).toBe(jumped?.epoch);
  });
});

describe('the sender', () => {
  test('begins at a key frame after its configuration, sound behind it; untouched while the line takes all', () => {
    const { sender, sent, feed, pictures } = setUp();
    feed(sound(20));
    feed(pictureAt(1));
    for (let index = 30; index < 120; index += 1) {
      feed(pictureAt(index));
      feed(sound(Math.round((index * 1000) / 30) + 1));
    }
    expect(sent.slice(0, 4).map(({ kind, role, timestampMs }) => [kind, role, timestampMs])).toEqual([
      ['video', 'config', 0],
      ['video', 'key', 0],
      ['audio', 'config', 1],
      ['audio', 'sound', 1],
    ]);
    expect(pictures()).toEqual(Array.from({ length: 90 }, (_, index) => index + 30));
    expect([sender.sentFrameCount, sender.droppedFrameCount]).toEqual([90, 0]);
  });

  test('[RS-8] a line that is stuck: disposable pictures go first, never more than two seconds are held', () => {
    const { sender, stick, feed, pictures } = setUp();
    stick(true);
    let mostMs = 0;
    for (let index = 0; index < 50; index += 1) {
      feed(pictureAt(index, 300));
      mostMs = Math.max(mostMs, sender.bufferedMs);
    }
    // Up to a second is in the socket, all of it; after it, what nothing depends on is left out.
    expect(pictures()).toEqual(Array.from({ length: pictures().length }, (_, index) => index));
    expect(pictures().length).toBeGreaterThan(28);
    expect(sender.droppedFrameCount).toBe(
      Array.from({ length: 50 }, (_, index) => index).filter((index) => index >= pictures().length && index % 3 === 2).length,
    );
    for (let index = 50; index < 300; index += 1) {
      feed(pictureAt(index, 300));
      mostMs = Math.max(mostMs, sender.bufferedMs);
    }
    expect(mostMs).toBeLessThanOrEqual(SENDER_LIMITS.bufferedMs);
  });

  test('[RS-8] then all up to the next key frame goes, and it goes on from there', () => {
    const { sender, stick, leave, feed, pictures } = setUp();
    stick(true);
    for (let index = 0; index < 95; index += 1) feed(pictureAt(index, 45));
    const before = pictures().length;
    leave();
    sender.drain(3_200);
    feed(pictureAt(95, 45));
    const after = pictures().slice(before);
    expect((after[0] ?? -1) % 45).toBe(0);
    expect(sender.sentFrameCount + sender.droppedFrameCount).toBe(96);
  });

  test('a new configuration goes before the first tag that needs it', () => {
    const { ring, sent, feed } = setUp();
    feed(pictureAt(0));
    const other = { ...(CONFIGS[0] as FlvTag), body: Buffer.from((CONFIGS[0] as FlvTag).body) };
    ring.push(other, 40);
    feed(picture(66, KEY, 100, 2));
    expect(sent.map(({ role }) => role)).toEqual(['config', 'key', 'config', 'key']);
  });

  test('[RS-2] another connection of the encoder: nothing before its key frame, time goes on by the pause', () => {
    const { ring, sent, feed } = setUp();
    for (let index = 0; index < 30; index += 1) feed(pictureAt(index));
    const lastMs = sent.at(-1)?.timestampMs ?? 0;
    ring.begin();
    for (const tag of CONFIGS) ring.push(tag, 0);
    feed({ ...pictureAt(1), timestampMs: 20_000 });
    feed(picture(20_033, KEY, 100, 77));
    expect(sent.at(-1)).toMatchObject({ mark: 77, timestampMs: lastMs + 20_033 - 967 });
  });
});

describe('what has left', () => {
  test('by the socket: how old the oldest is that has not, and for how long nothing moved', () => {
    const delivery = createDelivery(true);
    delivery.written(1_000, 0, 0);
    delivery.written(1_000, 500, 500);
    expect(delivery.waitingMediaMs(2_000)).toBe(500);
    expect(delivery.read(2_000, 600)).toEqual({ oldestMs: 600, stuckMs: 600, isByAcknowledgements: false });
    expect(delivery.read(2_000, 3_600)).toMatchObject({ oldestMs: 3_600, stuckMs: 3_600 });
    expect(delivery.read(1_000, 3_700)).toMatchObject({ oldestMs: 3_200, stuckMs: 0 });
    expect(delivery.read(0, 9_000)).toMatchObject({ oldestMs: 0, stuckMs: 0 });
  });

  test('what the system tells late does not take back what has left', () => {
    const delivery = createDelivery(true);
    delivery.written(1_000, 0, 0);
    delivery.read(0, 10);
    expect(delivery.read(5_000, 20)).toMatchObject({ oldestMs: 0, stuckMs: 0 });
  });

  /** A server that reads all and tells each `stepBytes`, up to `untilBytes`. */
  const acknowledging = (stepBytes: number, untilBytes: number, trusts = true) => {
    const delivery = createDelivery(trusts);
    let told = 0;
    for (let at = 0; at < 8_000; at += 10) {
      delivery.written(7_500, at, at);
      const read = Math.min(delivery.writtenBytes, untilBytes);
      for (; told + stepBytes <= read; told += stepBytes) delivery.acknowledged(told + stepBytes);
    }
    return delivery;
  };

  test('by acknowledgements: a server that stopped reading is seen through full buffers', () => {
    const good = acknowledging(128 * 1024, Number.POSITIVE_INFINITY);
    expect(good.read(0, 8_000)).toEqual({ oldestMs: 0, stuckMs: 0, isByAcknowledgements: false });
    expect(good.isAcknowledged).toBe(true);
    const reading = acknowledging(128 * 1024, 3_000_000).read(0, 8_000);
    expect(reading.isByAcknowledgements).toBe(true);
    expect(reading.oldestMs).toBeGreaterThan(3_000);
  });

  test('a server that tells rarely is not taken for one that stopped', () => {
    expect(acknowledging(1_500_000, Number.POSITIVE_INFINITY).read(0, 8_000).oldestMs).toBe(0);
  });

  test('two acknowledgements are not believed yet, and none of a server that cried wolf', () => {
    const two = acknowledging(128 * 1024, 2 * 128 * 1024);
    expect([two.isAcknowledged, two.read(0, 8_000).oldestMs]).toEqual([false, 0]);
    const wolf = acknowledging(128 * 1024, 3_000_000, false);
    expect([wolf.isAcknowledged, wolf.read(0, 8_000).oldestMs]).toEqual([false, 0]);
  });
});
