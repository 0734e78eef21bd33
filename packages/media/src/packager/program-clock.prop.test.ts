// Dates against the truth: hosts whose clocks drift, whose lines jitter and congest, whose encoders start late and come
// back, over hours. The truth of a frame is when it was made plus the shortest way to us.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTimeline, positionOf, type RecordedSegment } from '../replay/timeline.ts';
import { CLOCK_LIMITS } from './program-clock.ts';
import { frame, newPackager, OTHER_VIDEO, tracksOf, videoConfig } from './test-source.ts';
import type { TrackOutput, TrackPart, TrackSegment } from './track.ts';

const AT = Date.UTC(2026, 10, 30);
const FRAME_MS = 50;
const WAY_MS = 80;
/** A card may come with its product by so much early or late. */
const CARD_MS = 250;

type Connection = {
  readonly lengthSec: number;
  /** The encoder's clock is faster than ours. */
  readonly driftPpm: number;
  /** Up to so much of delay, another one for each frame. */
  readonly jitterMs: number;
  /** The first frame comes so late, and those after it at this pace until they have caught up. */
  readonly startLateMs: number;
  readonly catchUpPace: number;
  /** From there on for so long the line is behind by so much. */
  readonly congestion: { readonly fromSec: number; readonly forSec: number; readonly queueMs: number };
  readonly awayMs: number;
};

const STEADY: Connection = {
  ...{ lengthSec: 60, driftPpm: 0, jitterMs: 0, startLateMs: 0, catchUpPace: 2, awayMs: 0 },
  congestion: { fromSec: 0, forSec: 0, queueMs: 0 },
};

/** How much later than on a good line this frame comes; `noise` in 0 to 1. */
function lateMs({ jitterMs, startLateMs, catchUpPace, congestion }: Connection, sinceMs: number, noise: number): number {
  const startMs = Math.max(0, startLateMs - sinceMs * (1 - 1 / catchUpPace));
  const intoMs = sinceMs - congestion.fromSec * 1000;
  const isCongested = intoMs >= 0 && intoMs < congestion.forSec * 1000;
  // A queue fills at a fifth of the pace of the picture.
  const queueMs = isCongested ? Math.min(congestion.queueMs, intoMs / 5) : 0;
  return startMs + queueMs + jitterMs * noise;
}

/** Plays a show and says of each segment, and of each open segment's first part, how far its date is off. */
function play(connections: readonly Connection[], { seed = 1, partMs = 500 } = {}) {
  let random = seed;
  const noise = () => {
    random = (random * 48_271) % 2_147_483_647;
    return random / 2_147_483_647;
  };
  const packager = newPackager({ partMs });
  const outputs: TrackOutput[] = [];
  /** Encoder time less true time, by period. */
  const truths: ((encoderMs: number) => number)[] = [];
  let nowMs = AT;
  for (const connection of connections) {
    outputs.push(...packager.begin(), ...packager.push(videoConfig(OTHER_VIDEO), nowMs));
    const beganMs = nowMs;
    const pace = 1 + connection.driftPpm / 1_000_000;
    truths.push((encoderMs) => beganMs + encoderMs / pace + WAY_MS);
    let arrivedMs = 0;
    for (let index = 0; index * FRAME_MS < connection.lengthSec * 1000; index += 1) {
      const sinceMs = index * FRAME_MS;
      // One after another, as TCP brings them.
      arrivedMs = Math.max(arrivedMs, beganMs + sinceMs + WAY_MS + lateMs(connection, sinceMs, noise()));
      outputs.push(...packager.push(frame(Math.round(sinceMs * pace), index % 40 === 0), Math.round(arrivedMs)));
    }
    outputs.push(...packager.flush());
    nowMs = Math.max(arrivedMs, beganMs + connection.lengthSec * 1000) + connection.awayMs;
  }
  const { video, audio } = tracksOf(outputs);
  let encoderMs = 0;
  let periodId = video.segments[0]?.discontinuitySequence ?? 0;
  const told = video.segments.map((segment) => {
    if (segment.discontinuitySequence !== periodId) encoderMs = 0;
    periodId = segment.discontinuitySequence;
    const truthOf = truths[periodId - 7] as (encoderMs: number) => number;
    const fromMs = encoderMs;
    encoderMs += segment.durationMs;
    return {
      segment,
      sinceMs: fromMs,
      offMs: segment.programDateTimeMs - truthOf(fromMs),
      trueAt: (intoMs: number) => truthOf(fromMs + intoMs),
    };
  });
  return { told, video, audio };
}

const worst = (told: readonly { offMs: number }[]) => Math.max(...told.map(({ offMs }) => Math.abs(offMs)));
const firstParts = (parts: readonly TrackPart[]) =>
  new Map(parts.filter((part) => part.partIndex === 0).map((part) => [part.mediaSequence, part]));
const recorded = (segment: TrackSegment): RecordedSegment => ({
  ...{ track: segment.track, mediaSequence: segment.mediaSequence, periodId: segment.discontinuitySequence },
  ...{ programDateTimeMs: Math.round(segment.programDateTimeMs), durationMs: segment.durationMs, byteCount: 1 },
  ...{ frameCount: segment.frameCount, isIndependent: true, targetDurationSec: segment.targetDurationSec },
});

const connection: fc.Arbitrary<Connection> = fc.record({
  lengthSec: fc.constantFrom(3, 40, 300),
  driftPpm: fc.integer({ min: -200, max: 200 }),
  jitterMs: fc.constantFrom(0, 20, 120),
  startLateMs: fc.constantFrom(0, 0, 300, 600),
  catchUpPace: fc.constantFrom(1.5, 2, 4),
  congestion: fc.record({
    fromSec: fc.integer({ min: 5, max: 200 }),
    forSec: fc.integer({ min: 0, max: 110 }),
    queueMs: fc.constantFrom(0, 400, 2_000),
  }),
  awayMs: fc.integer({ min: 1_000, max: 20_000 }),
});

test('[PL7] [6.2.1-M10] [6.2.1-M14] whatever a host, its clock and its line do, a date is off by less than a card may be, is never told twice, and belongs to one frame', () => {
  const reached = { late: 0, congested: 0, drifted: 0, moments: 0, minutes: 0 };
  fc.assert(
    fc.property(
      fc.array(connection, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(333, 500, 1_000),
      fc.integer({ min: 1, max: 2 ** 30 }),
      fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 8, maxLength: 8 }),
      (connections, partMs, seed, shares) => {
        const { told, video, audio } = play(connections, { seed, partMs });
        expect(worst(told)).toBeLessThanOrEqual(CARD_MS);
        const parts = firstParts(video.parts);
        let beforeEndMs = Number.NEGATIVE_INFINITY;
        for (const { segment } of told) {
          // No playlist told the first segment before it was whole; every later one keeps what its first part said.
          if (segment.mediaSequence > 100) expect(parts.get(segment.mediaSequence)?.programDateTimeMs).toBe(segment.programDateTimeMs);
          expect(segment.programDateTimeMs).toBeGreaterThanOrEqual(beforeEndMs - CLOCK_LIMITS.backMsPerSegment - 1e-6);
          beforeEndMs = segment.programDateTimeMs + segment.durationMs;
        }
        // [6.2.4-M2h] The sound of a segment is dated by the same clock.
        for (const [index, segment] of audio.segments.entries())
          expect(Math.abs(segment.programDateTimeMs - (video.segments[index] as TrackSegment).programDateTimeMs)).toBeLessThan(45);
        // In the replay, what was shown at a moment is there at that moment.
        const timeline = buildTimeline([...video.segments, ...audio.segments].map(recorded));
        for (const share of shares) {
          const at = told[Math.floor((share * (told.length - 1)) / 1_000)] as (typeof told)[number];
          const row = timeline.segments.find(({ mediaSequence }) => mediaSequence === at.segment.mediaSequence);
          if (!row) continue;
          const intoMs = (at.segment.durationMs * share) / 1_000;
          expect(Math.abs(positionOf(timeline, at.trueAt(intoMs)) - row.startMs - intoMs)).toBeLessThanOrEqual(CARD_MS);
          reached.moments += 1;
        }
        for (const each of connections) {
          if (each.startLateMs > 0) reached.late += 1;
          if (each.congestion.queueMs > 0 && each.congestion.fromSec < each.lengthSec) reached.congested += 1;
          if (Math.abs(each.driftPpm) > 100 && each.lengthSec > 60) reached.drifted += 1;
          reached.minutes += each.lengthSec / 60;
        }
      },
    ),
    { numRuns: 200 },
  );
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(20);
});

test.each([-200, -100, 100, 200])('[PL7] over four hours at %i ppm the date stays within 40 ms', (driftPpm) => {
  const { told } = play([{ ...STEADY, lengthSec: 4 * 3_600, driftPpm, jitterMs: 20 }]);
  expect(worst(told)).toBeLessThanOrEqual(40);
});

test('[PL7] the first segment of a show is dated by the soonest of all its frames', () => {
  const { told } = play([{ ...STEADY, startLateMs: 900, catchUpPace: 2 }]);
  expect(told[0]?.offMs).toBe(0);
  expect(worst(told)).toBe(0);
});

test('[PL7] an encoder that comes back and catches up keeps its first part back for it, for 2 s of picture at most', () => {
  const { told } = play([STEADY, { ...STEADY, startLateMs: 700, catchUpPace: 2 }]);
  expect(worst(told)).toBeLessThanOrEqual(CLOCK_LIMITS.steadyWithinMs);
  const slow = play([
    { ...STEADY, awayMs: 5_000 },
    { ...STEADY, lengthSec: 300, startLateMs: 1_000, catchUpPace: 1.05 },
  ]).told.filter(({ segment }) => segment.discontinuitySequence === 8);
  // Its dates begin late by what it was late, and come back by less than a frame a segment.
  expect(slow[0]?.offMs).toBeLessThanOrEqual(1_000);
  for (const [index, { offMs }] of slow.entries())
    expect(offMs).toBeGreaterThanOrEqual((slow[index - 1]?.offMs ?? 0) - CLOCK_LIMITS.backMsPerSegment - 1e-6);
  expect(worst(slow.filter(({ sinceMs }) => sinceMs > 140_000))).toBeLessThanOrEqual(1);
});

test('[PL7] a line congested for ten minutes moves the dates by half a ms a second after the first two, and back faster', () => {
  const { told } = play([{ ...STEADY, lengthSec: 1_800, congestion: { fromSec: 300, forSec: 600, queueMs: 1_500 } }]);
  expect(worst(told)).toBeLessThanOrEqual(CARD_MS);
  expect(worst(told.filter(({ sinceMs }) => sinceMs < 420_000))).toBe(0);
  expect(worst(told.filter(({ sinceMs }) => sinceMs > 945_000))).toBe(0);
});
