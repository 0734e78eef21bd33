import type { ShowId } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CORNERS, createResumeStore, parseResumeRecord, RESUME_KEY, RESUME_MAX_AGE_MS, type ResumeRecord } from './resume-record.ts';

const record = fc.record<ResumeRecord>({
  v: fc.constant(1),
  showId: fc.constant(`shw_${'0'.repeat(32)}` as ShowId),
  surface: fc.constantFrom('open', 'mini'),
  programMs: fc.option(fc.nat()),
  isMuted: fc.boolean(),
  isLandscape: fc.boolean(),
  isPaused: fc.boolean(),
  corner: fc.constantFrom(...CORNERS),
  token: fc.option(fc.string({ maxLength: 50 })),
  playlistUrl: fc.option(fc.webUrl()),
  savedAtMs: fc.nat(),
});

test('a record survives storage', () => {
  fc.assert(
    fc.property(record, (saved) => {
      expect(parseResumeRecord(JSON.stringify(saved), saved.savedAtMs)).toEqual(saved);
    }),
  );
});

test('any other text is no record', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseResumeRecord(text, 0)).toBeNull();
    }),
  );
  expect(parseResumeRecord(null, 0)).toBeNull();
});

test('one spoiled field spoils the record', () => {
  fc.assert(
    fc.property(
      record,
      fc.constantFrom('v', 'showId', 'surface', 'programMs', 'isMuted', 'isPaused', 'corner', 'token', 'playlistUrl', 'savedAtMs'),
      (saved, field) => {
        expect(parseResumeRecord(JSON.stringify({ ...saved, [field]: { not: 'this' } }), saved.savedAtMs)).toBeNull();
      },
    ),
  );
});

test('a record is good to its last millisecond, and not one longer; nor from the future', () => {
  const saved = {
    v: 1,
    showId: `shw_${'0'.repeat(32)}`,
    surface: 'mini',
    programMs: null,
    isMuted: true,
    isLandscape: false,
    isPaused: false,
    corner: 'top-left',
    token: null,
    playlistUrl: null,
    savedAtMs: 1_000_000,
  };
  const text = JSON.stringify(saved);
  expect(parseResumeRecord(text, 1_000_000 + RESUME_MAX_AGE_MS)).not.toBeNull();
  expect(parseResumeRecord(text, 1_000_001 + RESUME_MAX_AGE_MS)).toBeNull();
  expect(parseResumeRecord(text, 1_000_000 - 5_001)).toBeNull();
});

test('storage that throws is a store that is empty', () => {
  const store = createResumeStore(() => {
    throw new Error('blocked');
  });
  expect(store.read(0)).toBeNull();
  store.write({} as ResumeRecord);
  store.clear();
});

test('the store writes one key and clears it', () => {
  const kept = new Map<string, string>();
  const store = createResumeStore(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }));
  const saved = fc.sample(record, 1)[0]!;
  store.write(saved);
  expect([...kept.keys()]).toEqual([RESUME_KEY]);
  expect(store.read(saved.savedAtMs)).toEqual(saved);
  store.clear();
  expect(kept.size).toBe(0);
});
