import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SILENT_CONFIG } from '../flv/aac.ts';
import { ADVISOR_LIMITS, createHealthAdvisor, RAISE_AFTER_MS } from './health-advisor.ts';
import { createHealthHistory, HISTORY_LIMITS } from './health-history.ts';
import type { HealthReading } from './health-meter.ts';
import { NO_OUTSIDE_READINGS } from './outside-readings.ts';
import { SEVERITY, SIGNAL_NAMES, type Signal } from './signal.ts';

const fine: HealthReading = {
  video: { codec: 'avc', decoderConfig: new Uint8Array(), codecString: 'avc1', nalLengthBytes: 4, widthPx: 1280, heightPx: 720 },
  audio: SILENT_CONFIG,
  declared: { framesPerSec: 30, videoBitsPerSec: 4_000_000 },
  bitrateBitsPerSec: 4_000_000,
  framesPerSec: 30,
  keyFrameIntervalMs: 2_000,
  hasKeyFrame: true,
  longestFrameGapMs: 34,
  silentForMs: 30,
  pictureSilentForMs: 30,
  uploadDelayMs: 10,
  uploadSlopeMsPerSec: 0,
  avSkewMs: 0,
  clockJumpCount: 0,
  connectedForMs: 60_000,
};
const congested = { uploadDelayMs: 2_000, uploadSlopeMsPerSec: 100 };

/** Looks each second; `readings` by the second. */
function watch(seconds: number, readingAt: (second: number) => Partial<HealthReading>) {
  const advisor = createHealthAdvisor();
  return Array.from({ length: seconds }, (_, second) =>
    advisor.judge({ ...fine, ...readingAt(second) }, NO_OUTSIDE_READINGS, second * 1_000),
  );
}

test('[HE3] silence is "fine"; before the first key interval it is "starting"', () => {
  expect(watch(1, () => ({}))[0]).toMatchObject({ status: 'good', advice: '' });
  expect(watch(1, () => ({ keyFrameIntervalMs: null }))[0]).toMatchObject({ status: 'starting', advice: '' });
});

test('[HE3] news of a good signal stands in its row and is no advice', () => {
  const transcoder = { speed: 1, queuedMs: 0, droppedRenditions: [], restoredRenditions: ['480p'] };
  const verdict = createHealthAdvisor().judge(fine, { ...NO_OUTSIDE_READINGS, transcoder }, 0);
  expect(verdict).toMatchObject({ status: 'good', advice: '' });
  expect(verdict.signals.find(({ name }) => name === 'transcoder')?.sentence).toBe('Made again: 480p.');
});

test('[HE3] the worst speaks and stands first; of two equally bad the earlier of the list', () => {
  const both = watch(6, () => ({ keyFrameIntervalMs: 3_000, ...congested })).at(-1);
  expect(both).toMatchObject({ status: 'bad', advice: expect.stringMatching(/^Your upload cannot hold 4 Mbit\/s/) });
  expect(both?.signals.slice(0, 2).map(({ name }) => name)).toEqual(['upload', 'key_frames']);
  const equal = watch(1, () => ({ keyFrameIntervalMs: 3_000, longestFrameGapMs: 900 }))[0];
  expect(equal?.advice).toMatch(/^A key frame/);
});

test('[HE4] a level is told once it has held: a short hiccup of the upload is not', () => {
  const told = watch(20, (second) => (second >= 5 && second < 7 ? congested : {}));
  expect(told.every(({ advice }) => advice === '')).toBe(true);
  const holds = watch(20, (second) => (second >= 5 ? congested : {}));
  expect(holds.findIndex(({ status }) => status === 'bad')).toBe(5 + RAISE_AFTER_MS.upload.bad / 1_000);
});

test('[HE4] it is taken back after five calm seconds, not sooner', () => {
  const told = watch(30, (second) => (second < 10 ? { keyFrameIntervalMs: 5_000 } : {}));
  const calmAt = told.findIndex(({ status }) => status === 'good');
  expect(calmAt).toBe(10 + ADVISOR_LIMITS.calmAfterMs / 1_000);
});

test('[HE4] the numbers in a sentence change at most every five seconds', () => {
  const told = watch(16, (second) => ({ keyFrameIntervalMs: 5_000 + second * 100 }));
  const sentences = told.map(({ advice }) => advice);
  expect(new Set(sentences).size).toBe(4);
  expect(sentences.at(-1)).toMatch(/6.5 s/);
});

test('[HE4] whatever the picture does, a sentence stands for at least five seconds', () => {
  let changes = 0;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 20 }), (spans) => {
      // Bad and fine in turns, each for some seconds.
      const isBad = spans.flatMap((seconds, index) => Array.from({ length: seconds }, () => index % 2 === 0));
      const told = watch(isBad.length, (second) => (isBad[second] ? { keyFrameIntervalMs: 6_000 } : {}));
      let shownAt = 0;
      for (const [second, { advice }] of told.entries()) {
        const before = told[second - 1]?.advice ?? '';
        if (advice !== '' && before === '') shownAt = second;
        if (advice === '' && before !== '') {
          changes += 1;
          expect(second - shownAt).toBeGreaterThanOrEqual(ADVISOR_LIMITS.calmAfterMs / 1_000);
        }
      }
    }),
  );
  expect(changes).toBeGreaterThan(20);
});

test('[HE4] asked twice in the same moment it says the same', () => {
  const advisor = createHealthAdvisor();
  for (let second = 0; second < 20; second += 1) {
    const reading = { ...fine, ...(second % 7 < 4 ? congested : {}) };
    const first = advisor.judge(reading, NO_OUTSIDE_READINGS, second * 1_000);
    expect(advisor.judge(reading, NO_OUTSIDE_READINGS, second * 1_000)).toEqual(first);
    expect(first.signals).toHaveLength(SIGNAL_NAMES.length);
    const severities = first.signals.map(({ level }) => SEVERITY[level]);
    expect(severities).toEqual(severities.toSorted((a, b) => b - a));
  }
});

test('[HE6] the history holds five minutes by the second and an hour every ten, and no more', () => {
  const history = createHealthHistory();
  const signalOf = (value: number): Signal => ({ name: 'bitrate', level: 'good', value, unit: 'bit/s', sentence: '' });
  const start = 10_000_000;
  for (let second = 0; second < 2 * 3_600; second += 1) history.add([signalOf(second)], start + second * 1_000);
  const now = start + (2 * 3_600 - 1) * 1_000;
  const { names, points } = history.read(now);
  expect(names).toEqual(SIGNAL_NAMES);
  const times = points.map((point) => point[0] as number);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.filter((at) => at > now - HISTORY_LIMITS.fineMs)).toHaveLength(300);
  expect(times.length).toBe(300 + 330);
  expect(now - (times[0] as number)).toBeLessThan(HISTORY_LIMITS.wholeMs);
  expect(points.at(-1)?.[1 + SIGNAL_NAMES.indexOf('bitrate')]).toBe(2 * 3_600 - 1);
  expect(points.at(-1)?.[1 + SIGNAL_NAMES.indexOf('viewers')]).toBeNull();
});

test('[HE6] a clock that was set back starts the history anew', () => {
  const history = createHealthHistory();
  history.add([], 5_000_000);
  history.add([], 1_000_000);
  history.add([], 1_001_000);
  expect(history.read(1_001_000).points.map((point) => point[0])).toEqual([1_000_000, 1_001_000]);
});
