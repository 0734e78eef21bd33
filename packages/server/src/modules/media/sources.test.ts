// Two encoders of one show with tags made by hand and a clock that stands still: who is let in, who is on air.
import type { IngestSource } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSources, SOURCE_LIMITS as L, type Publisher } from './sources.ts';
import { AUDIO_CONFIG, AUDIO_FRAME, INTER_FRAME, KEY_FRAME, VIDEO_CONFIG } from './test-support/rtmp-client.ts';

function setUp() {
  const clock = createFakeClock(1_000_000);
  const told: string[] = [];
  const out: { source: IngestSource; body: Uint8Array; arrivedAtMs: number }[] = [];
  const closed: string[] = [];
  const nameOf = ({ source }: Publisher) => source;
  const sources = createSources({
    clock,
    onBegin: (publisher) => told.push(`begin ${nameOf(publisher)}`),
    onTag: ({ source }, { tag, arrivedAtMs }) => out.push({ source, body: tag.body, arrivedAtMs }),
    onEnd: (publisher, cause) => told.push(`end ${nameOf(publisher)} ${cause}`),
    onSwitch: (from, to, cause) => told.push(`${nameOf(from)} > ${nameOf(to)} ${cause}`),
    onUnsupported: (publisher, codec) => told.push(`${nameOf(publisher)} sends ${codec}`),
    onPresence() {},
  });
  const startedAtMs = clock.nowMs();

  function connect(source: IngestSource, encoderMark = source as string) {
    const admission = sources.admit(source, { remoteAddress: '', encoderMark, close: () => closed.push(`${source} ${encoderMark}`) });
    if (!admission.ok) return admission;
    const { sink } = admission;
    const timestampMs = () => clock.nowMs() - startedAtMs;
    const video = (body: Uint8Array) => sink.onTag({ kind: 'video', timestampMs: timestampMs(), body }, clock.nowMs());
    const audio = (body: Uint8Array) => sink.onTag({ kind: 'audio', timestampMs: timestampMs(), body }, clock.nowMs());
    let frame = 0;
    return {
      ...{ ok: true as const, sink, video, audio },
      begin() {
        video(VIDEO_CONFIG);
        audio(AUDIO_CONFIG);
        video(KEY_FRAME);
      },
      /** One frame of a stream with ten frames and one key frame a second. */
      frame() {
        frame += 1;
        video(frame % 10 === 0 ? KEY_FRAME : INTER_FRAME);
        audio(AUDIO_FRAME);
      },
    };
  }
  type Encoder = Extract<ReturnType<typeof connect>, { ok: true }>;
  const encoder = (source: IngestSource, mark?: string) => {
    const connected = connect(source, mark) as Encoder;
    connected.begin();
    return connected;
  };
  /** Lets time pass; these encoders send ten frames a second. */
  const pass = (durationMs: number, ...sending: Encoder[]) => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
      clock.advance(100);
      for (const each of sending) each.frame();
    }
  };
  return { clock, told, out, closed, sources, connect, encoder, pass };
}

describe('[RI3] a second connection with the same key', () => {
  test('is refused while the first sends, and takes over after 2 s of its silence', () => {
    const { clock, sources, connect, encoder, told, closed } = setUp();
    encoder('primary', 'first');
    clock.advance(L.takeOverAfterSilenceMs - 1);
    expect(connect('primary', 'second')).toEqual({ ok: false, askAgainInMs: null });
    clock.advance(1);
    expect(connect('primary', 'second').ok).toBe(true);
    expect(told).toEqual(['begin primary', 'end primary taken_over']);
    expect(closed).toEqual(['primary first']);
    expect(sources.isConnected).toBe(true);
  });

  test('from the same encoder takes over after half a second, and is told when to be asked again before', () => {
    const { clock, connect, encoder, pass } = setUp();
    const first = encoder('primary', 'same');
    pass(1_000, first);
    expect(connect('primary', 'same')).toEqual({ ok: false, askAgainInMs: L.sameEncoderSilenceMs });
    clock.advance(L.sameEncoderSilenceMs - 1);
    expect(connect('primary', 'same')).toEqual({ ok: false, askAgainInMs: 1 });
    clock.advance(1);
    expect(connect('primary', 'same').ok).toBe(true);
  });

  test('two encoders behind one router do not throw each other out: who sends stays', () => {
    const { connect, encoder, pass, closed } = setUp();
    const first = encoder('primary', 'same');
    for (let attempt = 0; attempt < 20; attempt += 1) {
      pass(300, first);
      expect(connect('primary', 'same').ok).toBe(false);
    }
    expect(closed).toEqual([]);
  });

  test('what the one that was replaced still sends is not taken', () => {
    const { clock, connect, encoder, out, told } = setUp();
    const first = encoder('primary', 'first');
    clock.advance(L.takeOverAfterSilenceMs);
    connect('primary', 'second');
    const before = out.length;
    first.frame();
    first.sink.onClosed('closed_by_us');
    expect(out).toHaveLength(before);
    expect(told).toHaveLength(2);
  });

  test("the two keys of a show do not stand in each other's way", () => {
    const { encoder, connect } = setUp();
    encoder('primary', 'same');
    expect(connect('backup', 'same').ok).toBe(true);
  });
});

describe('[RI7] the backup', () => {
  test('takes over from its kept key frame when the connection ends, at once', () => {
    const { encoder, pass, told, out } = setUp();
    const primary = encoder('primary');
    const backup = encoder('backup');
    pass(1_500, primary, backup);
    expect(out.every(({ source }) => source === 'primary')).toBe(true);
    const before = out.length;
    primary.sink.onClosed('connection_reset');
    expect(told).toEqual(['begin primary', 'primary > backup connection_reset']);
    const replayed = out.slice(before);
    expect(replayed.slice(0, 3).map(({ body }) => body)).toEqual([VIDEO_CONFIG, AUDIO_CONFIG, KEY_FRAME]);
    expect(replayed.filter(({ body }) => body === KEY_FRAME)).toHaveLength(1);
    expect(replayed.every(({ source }) => source === 'backup')).toBe(true);
  });

  test('takes over after 1.5 s without a picture, also when sound goes on', () => {
    const { clock, encoder, pass, told } = setUp();
    const primary = encoder('primary');
    const backup = encoder('backup');
    pass(1_000, primary, backup);
    for (let waitedMs = 100; waitedMs < L.switchAfterSilenceMs; waitedMs += 100) {
      pass(100, backup);
      primary.audio(AUDIO_FRAME);
    }
    expect(told).toEqual(['begin primary']);
    pass(100, backup);
    expect(told).toEqual(['begin primary', 'primary > backup silent']);
    expect(clock.nowMs()).toBe(1_000_000 + 1_000 + L.switchAfterSilenceMs);
  });

  test('waits for its key frame when it has none to hand', () => {
    const { connect, encoder, pass, told } = setUp();
    const primary = encoder('primary');
    const backup = connect('backup') as ReturnType<typeof encoder>;
    backup.video(VIDEO_CONFIG);
    pass(500, primary);
    primary.sink.onClosed('connection_closed');
    expect(told.at(-1)).toBe('end primary connection_closed');
    backup.video(INTER_FRAME);
    expect(told).toHaveLength(2);
    backup.video(KEY_FRAME);
    expect(told.at(-1)).toBe('begin backup');
  });

  test('stays on air when the first comes back, until it fails itself', () => {
    const { encoder, pass, told } = setUp();
    const first = encoder('primary');
    const backup = encoder('backup');
    pass(1_000, first, backup);
    first.sink.onClosed('connection_reset');
    const again = encoder('primary');
    pass(20_000, again, backup);
    expect(told).toHaveLength(2);
    backup.sink.onClosed('no_data');
    expect(told.at(-1)).toBe('backup > primary no_data');
  });

  test('or until the host asks', () => {
    const { sources, encoder, pass, told } = setUp();
    const primary = encoder('primary');
    expect(sources.switchTo('backup')).toBe(false);
    const backup = encoder('backup');
    pass(500, primary, backup);
    expect([sources.standby, sources.switchTo('backup'), sources.switchTo('backup')]).toEqual(['ready', true, true]);
    expect(told.at(-1)).toBe('primary > backup asked');
    expect([sources.standby, sources.switchTo('primary')]).toEqual(['connected', false]);
    pass(1_000, primary, backup);
    expect([sources.standby, sources.switchTo('primary')]).toEqual(['ready', true]);
  });

  test("a process that stood still takes its own silence for nobody's", () => {
    const { clock, encoder, pass, told } = setUp();
    const primary = encoder('primary');
    const backup = encoder('backup');
    pass(1_000, primary, backup);
    clock.advance(4_000);
    for (let index = 0; index < 40; index += 1) backup.frame();
    for (let index = 0; index < 40; index += 1) primary.frame();
    pass(1_000, primary, backup);
    expect(told).toEqual(['begin primary']);
  });

  test('a silent encoder without a standby stays on air', () => {
    const { encoder, pass, clock, told } = setUp();
    const primary = encoder('primary');
    pass(500, primary);
    clock.advance(10_000);
    pass(500, primary);
    expect(told).toEqual(['begin primary']);
  });

  test('[RI5] a codec it may not send is told of the backup too, and nothing of it is kept', () => {
    const { encoder, connect, told, sources } = setUp();
    encoder('primary');
    const backup = connect('backup') as ReturnType<typeof encoder>;
    backup.video(Buffer.from('90687663310001', 'hex'));
    expect(told).toEqual(['begin primary', 'backup sends HEVC (H.265)']);
    expect(sources.standby).toBe('connected');
  });

  test('any order of cuts, stalls and returns: tags of one encoder at a time, each begun by configurations and a key frame', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), source: fc.constantFrom('primary' as const, 'backup' as const) }),
      fc.record({ kind: fc.constant('connect' as const), source: fc.constantFrom('primary' as const, 'backup' as const) }),
      fc.record({ kind: fc.constant('stall' as const), source: fc.constantFrom('primary' as const, 'backup' as const) }),
      fc.record({ kind: fc.constant('pass' as const), source: fc.constant('primary' as const) }),
    );
    let switchCount = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
        const { encoder, pass, out, told, sources } = setUp();
        const live = new Map([
          ['primary', encoder('primary')],
          ['backup', encoder('backup')],
        ] as [IngestSource, ReturnType<typeof encoder>][]);
        for (const { kind, source } of steps) {
          const there = live.get(source);
          if (kind === 'connect' && !there) live.set(source, encoder(source));
          if (kind === 'cut' && there) {
            live.delete(source);
            there.sink.onClosed('connection_reset');
          }
          if (kind === 'stall') pass(2_000, ...[...live].filter(([name]) => name !== source).map(([, each]) => each));
          else pass(700, ...live.values());
          // Two that are connected: one is always on air after it had the time for a key frame.
          if (kind !== 'stall' && live.size > 0) {
            pass(1_000, ...live.values());
            expect(sources.onAir).not.toBeNull();
          }
        }
        switchCount += told.filter((line) => line.includes(' > ')).length;
        let before: IngestSource | null = null;
        for (const [index, { source, body }] of out.entries()) {
          if (source !== before) {
            const [config, sound, key] = out.slice(index, index + 3);
            expect([config?.body, sound?.body, key?.body]).toEqual([VIDEO_CONFIG, AUDIO_CONFIG, KEY_FRAME]);
            expect(body).toBe(VIDEO_CONFIG);
          }
          before = source;
        }
      }),
      { numRuns: 60 },
    );
    expect(switchCount).toBeGreaterThan(30);
  });
});
