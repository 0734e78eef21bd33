import { createFlvDemuxer } from '@insp/media';
import { describe, expect, test } from 'vitest';
import { AUDIO_CONFIG, AUDIO_FRAME, INTER_FRAME, KEY_FRAME, VIDEO_CONFIG } from './test-support/rtmp-client.ts';
import { createWarmGroup, WARM_LIMITS } from './warm-group.ts';

function setUp() {
  const demuxer = createFlvDemuxer();
  const warm = createWarmGroup();
  const push = (kind: 'video' | 'audio', body: Uint8Array, atMs: number, isOffAir = true) => {
    const tag = { kind, timestampMs: atMs, body };
    warm.push({ tag, events: demuxer.push(tag), arrivedAtMs: atMs }, isOffAir);
  };
  push('video', VIDEO_CONFIG, 0);
  push('audio', AUDIO_CONFIG, 0);
  const bodies = () => warm.take().map(({ tag }) => tag.body);
  return { warm, push, bodies };
}

/** A key frame of `sizeBytes`, well formed for the demuxer. */
function keyFrameOf(sizeBytes: number): Uint8Array {
  const body = Buffer.alloc(sizeBytes);
  KEY_FRAME.copy(body);
  body.writeUInt32BE(sizeBytes - 9, 5);
  return body;
}

describe('[RI2] what a standby has to hand', () => {
  test('nothing before a key frame; then configurations and all since the newest key frame', () => {
    const { warm, push, bodies } = setUp();
    push('video', INTER_FRAME, 10);
    push('audio', AUDIO_FRAME, 20);
    expect(warm.isReady).toBe(false);
    push('video', KEY_FRAME, 30);
    push('audio', AUDIO_FRAME, 40);
    push('video', KEY_FRAME, 50);
    push('video', INTER_FRAME, 60);
    expect(warm.isReady).toBe(true);
    expect(bodies()).toEqual([VIDEO_CONFIG, AUDIO_CONFIG, KEY_FRAME, INTER_FRAME]);
    expect(warm.isReady).toBe(false);
  });

  test('configurations seen on air are known off it, pictures are not kept there', () => {
    const { warm, push, bodies } = setUp();
    push('video', KEY_FRAME, 10, false);
    push('video', INTER_FRAME, 20, false);
    expect(warm.isReady).toBe(false);
    push('video', INTER_FRAME, 30);
    push('video', KEY_FRAME, 40);
    expect(bodies()).toEqual([VIDEO_CONFIG, AUDIO_CONFIG, KEY_FRAME]);
  });

  test('a repeated configuration changes nothing, a new one waits for its key frame', () => {
    const { warm, push, bodies } = setUp();
    push('video', KEY_FRAME, 10);
    push('audio', AUDIO_CONFIG, 20);
    expect(warm.isReady).toBe(true);
    const mono = Buffer.of(0xaf, 0, 0x11, 0x88);
    push('audio', mono, 30);
    expect(warm.isReady).toBe(false);
    push('video', KEY_FRAME, 40);
    expect(bodies()).toEqual([VIDEO_CONFIG, mono, KEY_FRAME]);
  });

  test("a jump of the encoder's clock makes it wait for the next key frame", () => {
    const { warm, push } = setUp();
    push('video', KEY_FRAME, 10);
    push('video', INTER_FRAME, 5_000);
    expect(warm.isReady).toBe(false);
  });

  test('a group of exactly the limit stays, one longer is let go', () => {
    const { warm, push } = setUp();
    push('video', KEY_FRAME, 0);
    push('audio', AUDIO_FRAME, 900);
    push('audio', AUDIO_FRAME, 1_800);
    push('video', INTER_FRAME, WARM_LIMITS.groupMs);
    expect(warm.isReady).toBe(true);
    push('video', INTER_FRAME, WARM_LIMITS.groupMs + 1);
    expect(warm.isReady).toBe(false);
    push('video', KEY_FRAME, WARM_LIMITS.groupMs + 40);
    expect(warm.isReady).toBe(true);
  });

  test('and the same in bytes and in tags', () => {
    const inBytes = setUp();
    inBytes.push('video', keyFrameOf(WARM_LIMITS.groupBytes - INTER_FRAME.length), 0);
    inBytes.push('video', INTER_FRAME, 1);
    expect(inBytes.warm.isReady).toBe(true);
    expect(inBytes.warm.heldBytes).toBe(WARM_LIMITS.groupBytes + VIDEO_CONFIG.length + AUDIO_CONFIG.length);
    inBytes.push('video', INTER_FRAME, 2);
    expect(inBytes.warm.isReady).toBe(false);
    const inTags = setUp();
    inTags.push('video', KEY_FRAME, 0);
    for (let index = 1; index < WARM_LIMITS.tagCount; index += 1) inTags.push('audio', AUDIO_FRAME, index);
    expect(inTags.warm.isReady).toBe(true);
    inTags.push('audio', AUDIO_FRAME, WARM_LIMITS.tagCount);
    expect(inTags.warm.isReady).toBe(false);
  });
});
