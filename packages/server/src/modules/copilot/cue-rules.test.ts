import type { CueId } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { productId, sampleProduct, viewerId } from '../insights/fixtures.ts';
import type { Panels } from '../insights/index.ts';
import { type Candidate, CUE_LIMITS, candidatesOf, EMPTY_CUE_STATE, nextCues, resolveCue, warnHost } from './cue-rules.ts';

let made = 0;
const createId = (): CueId => `cue_${(++made).toString(16).padStart(32, '0')}`;
const say = (n: number): Candidate => ({
  lane: 'say',
  subject: `say:${n}`,
  headline: `h${n}`,
  detail: '',
  reason: 'r',
  act: { kind: 'mark_answered', questionClusterId: `qst_${n.toString(16).padStart(32, '0')}` },
});
const sell = (n: number): Candidate => ({
  lane: 'sell',
  subject: `sell:${n}`,
  headline: `h${n}`,
  detail: '',
  reason: 'r',
  act: { kind: 'start_highlight', productId: productId(n) },
});
const who = (n: number): Candidate => ({
  lane: 'who',
  subject: `who:${n}`,
  headline: `h${n}`,
  detail: '',
  reason: 'r',
  act: { kind: 'greet', viewerId: viewerId(n) },
});

const panels = (more: Partial<Panels> = {}): Panels => ({
  audience: { watchingCount: 0, newCount: 0, returningCount: 0, buyerCount: 0, hasSimulated: false, people: [], updatedAt: 0 },
  questions: { clusters: [], openCount: 0, updatedAt: 0 },
  sellOrder: { entries: [], rule: '', updatedAt: 0 },
  ...more,
});

test('a quiet room gets no cue', () => {
  expect(candidatesOf({ panels: panels(), products: [], onDisplay: null, joinedAt: () => null, now: 0 })).toEqual([]);
});

test('a sold-out product on display makes the next one a cue at once, a fresh one does not', () => {
  const entry = (n: number, more: object) => ({
    productId: productId(n),
    rank: n,
    unitsRecent: 0,
    clicksRecent: 0,
    stockCount: 1,
    isOnDisplay: false,
    isSoldOut: false,
    reason: 'r',
    ...more,
  });
  const products = [sampleProduct(1, 'Throw'), sampleProduct(2, 'Mug')];
  const make = (isSoldOut: boolean) =>
    candidatesOf({
      panels: panels({ sellOrder: { entries: [entry(2, {}), entry(1, { isOnDisplay: true, isSoldOut })], rule: '', updatedAt: 0 } }),
      products,
      onDisplay: { productId: productId(1), startedAt: 0 },
      joinedAt: () => null,
      now: 10_000,
    });
  expect(make(false)).toEqual([]);
  expect(make(true)[0]).toMatchObject({ lane: 'sell', headline: 'Mug next', detail: 'Throw is sold out.' });
});

test('[CP11] one cue a lane, and a shown cue stays while it holds', () => {
  const first = nextCues(EMPTY_CUE_STATE, [say(1), say(2), sell(3)], 0, createId);
  expect(first.shown.map((cue) => cue.headline)).toEqual(['h1', 'h3']);
  const second = nextCues(first.state, [say(2), say(1), sell(3)], 1_000, createId);
  expect(second.shown).toEqual([]);
  expect(second.ended).toEqual([]);
});

test('a cue whose ground is gone is replaced, one that is old expires', () => {
  const first = nextCues(EMPTY_CUE_STATE, [say(1), who(9)], 0, createId);
  expect(nextCues(first.state, [who(9)], 1_000, createId).ended).toMatchObject([{ outcome: 'replaced' }]);
  expect(nextCues(first.state, [say(1), who(9)], 60_000, createId).ended).toMatchObject([{ cue: { lane: 'who' }, outcome: 'expired' }]);
});

test('a skip pauses the lane, each further skip twice as long up to the limit, a taken cue ends the pause', () => {
  let state = EMPTY_CUE_STATE;
  let now = 0;
  const pauses: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const step = nextCues(state, [say(n)], now, createId);
    const cue = step.shown[0];
    expect(cue).toBeDefined();
    state = resolveCue(step.state, cue!.id, 'skipped', now)!.state;
    pauses.push(state.lanes.say.pauseMs);
    expect(nextCues(state, [say(n + 1)], now + state.lanes.say.pauseMs - 1, createId).shown).toEqual([]);
    now += Math.max(state.lanes.say.pauseMs, 60_000);
  }
  expect(pauses).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 240_000, 240_000]);
  const step = nextCues(state, [say(99)], now, createId);
  expect(resolveCue(step.state, step.shown[0]!.id, 'taken', now)!.state.lanes.say.pauseMs).toBe(0);
});

test('resolving what is not on screen tells so', () => {
  expect(resolveCue(EMPTY_CUE_STATE, createId(), 'taken', 0)).toBeNull();
});

test('whatever happens, at most four cues a minute, one a lane, no subject twice in ten minutes', () => {
  const act = fc.oneof(
    fc.record({
      kind: fc.constant('tick' as const),
      subjects: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
      afterMs: fc.integer({ min: 0, max: 20_000 }),
    }),
    fc.record({ kind: fc.constantFrom('taken' as const, 'skipped' as const), index: fc.nat(3) }),
  );
  let reachedCap = 0;
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let state = EMPTY_CUE_STATE;
      let now = 0;
      const shown: { at: number; subject: string }[] = [];
      for (const one of acts) {
        if (one.kind === 'tick') {
          now += one.afterMs;
          const candidates = one.subjects.map((n) => [say, sell, who][n % 3]!(n));
          const step = nextCues(state, candidates, now, createId);
          state = step.state;
          for (const cue of step.shown) shown.push({ at: now, subject: state.shown.find((other) => other.id === cue.id)!.subject });
        } else {
          const cue = state.shown[one.index];
          if (cue) state = resolveCue(state, cue.id, one.kind, now)!.state;
        }
        expect(new Set(state.shown.map((cue) => cue.lane)).size).toBe(state.shown.length);
        const lastMinute = shown.filter((entry) => entry.at > now - 60_000).length;
        expect(lastMinute).toBeLessThanOrEqual(CUE_LIMITS.maxPerMinute);
        if (lastMinute === CUE_LIMITS.maxPerMinute) reachedCap += 1;
      }
      for (const [index, entry] of shown.entries()) {
        const again = shown.slice(index + 1).find((other) => other.subject === entry.subject);
        if (again) expect(again.at - entry.at).toBeGreaterThanOrEqual(CUE_LIMITS.subjectPauseMs);
      }
    }),
    { numRuns: 300 },
  );
  expect(reachedCap).toBeGreaterThan(0);
});

test('a warning stands in front of the first lane, outlives every panel, and goes when it is withdrawn', () => {
  const warning = { headline: 'ends', detail: 'd', reason: 'r', act: { kind: 'keep_live' as const }, expiresAt: 600_000 };
  const before = nextCues(EMPTY_CUE_STATE, [say(1), sell(2)], 0, createId);
  const warned = warnHost(before.state, warning, 1_000, createId);
  expect(warned.ended).toMatchObject([{ cue: { lane: 'say', headline: 'h1' }, outcome: 'replaced' }]);
  expect(warned.shown).toMatchObject([{ lane: 'say', act: { kind: 'keep_live' }, expiresAt: 600_000 }]);
  const quiet = nextCues(warned.state, [say(3), sell(2)], 100_000, createId);
  expect(quiet.state.shown.map(({ headline }) => headline)).toContain('ends');
  expect(quiet.shown.filter(({ lane }) => lane === 'say')).toEqual([]);
  const again = warnHost(quiet.state, { ...warning, headline: 'ends now' }, 500_000, createId);
  expect(again.state.shown.filter(({ lane }) => lane === 'say').map(({ headline }) => headline)).toEqual(['ends now']);
  const withdrawn = warnHost(again.state, null, 510_000, createId);
  expect(withdrawn.state.shown.some(({ act }) => act.kind === 'keep_live')).toBe(false);
  expect(warnHost(withdrawn.state, null, 511_000, createId)).toMatchObject({ shown: [], ended: [] });
  expect(nextCues(again.state, [], 600_000, createId).ended).toContainEqual(expect.objectContaining({ outcome: 'expired' }));
});
