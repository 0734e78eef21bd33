import { SHOW_STATES, type ShowState } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextShow, REOPEN_WINDOW_MS, SHOW_EVENTS, type ShowEvent, type ShowMachine, type ShowSituation } from './show-state.ts';

const GRACE_MS = 120_000;
const draft: ShowMachine = { state: 'draft', stateBeforeLoss: null, graceEndsAt: null, scheduledAt: 5_000, liveAt: null, endedAt: null };
const at = (nowMs: number, hasPicture = true): ShowSituation => ({ nowMs, hasPicture, encoderGraceMs: GRACE_MS });

/** Applies a list of [event, ms to wait first]; a refusal or an ignored event leaves the show as it is. */
function run(steps: readonly (readonly [ShowEvent, number])[], hasPicture = true) {
  let show = draft;
  let nowMs = 10_000;
  const seen: { before: ShowMachine; event: ShowEvent; after: ShowMachine; kind: string; nowMs: number }[] = [];
  for (const [event, waitMs] of steps) {
    nowMs += waitMs;
    const verdict = nextShow(show, event, at(nowMs, hasPicture));
    const after = verdict.kind === 'moved' ? verdict.next : show;
    seen.push({ before: show, event, after, kind: verdict.kind, nowMs });
    show = after;
  }
  return { show, seen };
}

const steps = fc.array(fc.tuple(fc.constantFrom(...SHOW_EVENTS), fc.constantFrom(0, 1, GRACE_MS, REOPEN_WINDOW_MS, REOPEN_WINDOW_MS + 1)), {
  maxLength: 60,
});

/** product.md 3.4, written down a second time on purpose: the table must not offer any other pair. */
const LISTED: readonly (readonly [ShowState, ShowState])[] = [
  ['draft', 'scheduled'],
  ['scheduled', 'draft'],
  ['scheduled', 'waiting'],
  ['waiting', 'live'],
  ['live', 'paused'],
  ['paused', 'live'],
  ['live', 'encoder_lost'],
  ['paused', 'encoder_lost'],
  ['encoder_lost', 'live'],
  ['encoder_lost', 'paused'],
  ['encoder_lost', 'ended'],
  ['live', 'ended'],
  ['paused', 'ended'],
  ['ended', 'live'],
  ['draft', 'cancelled'],
  ['scheduled', 'cancelled'],
  ['waiting', 'cancelled'],
];

describe('any sequence of events', () => {
  test('[LC1] moves only along the listed transitions, and random walks reach them all', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(steps, fc.boolean(), (events, hasPicture) => {
        for (const { before, after, kind } of run(events, hasPicture).seen) {
          if (kind !== 'moved') continue;
          expect(LISTED).toContainEqual([before.state, after.state]);
          reached.add(`${before.state}>${after.state}`);
        }
      }),
      { numRuns: 3_000 },
    );
    // Short random walks rarely get deep; a walk that always takes a possible event visits the rest.
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 40, maxLength: 80 }), (choices) => {
        let show = draft;
        let nowMs = 0;
        for (const choice of choices) {
          nowMs += GRACE_MS;
          const moves = SHOW_EVENTS.map((event) => nextShow(show, event, at(nowMs))).filter((verdict) => verdict.kind === 'moved');
          const taken = moves[choice % Math.max(1, moves.length)];
          if (taken?.kind !== 'moved') break;
          reached.add(`${show.state}>${taken.next.state}`);
          show = taken.next;
        }
      }),
      { numRuns: 500 },
    );
    expect([...reached].sort()).toEqual(LISTED.map(([from, to]) => `${from}>${to}`).sort());
  });

  test('[LC4] a returning encoder brings back exactly the state before the loss', () => {
    fc.assert(
      fc.property(steps, (events) => {
        let stateAtLoss: ShowState | null = null;
        for (const { before, after, event, kind } of run(events).seen) {
          if (kind !== 'moved') continue;
          if (after.state === 'encoder_lost') stateAtLoss = before.state;
          if (event === 'encoder_resumed') expect(after.state).toBe(stateAtLoss);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('grace, loss and times hold together after every step', () => {
    fc.assert(
      fc.property(steps, (events) => {
        for (const { after, before, kind, nowMs } of run(events).seen) {
          expect(after.graceEndsAt !== null).toBe(after.state === 'encoder_lost');
          expect(after.stateBeforeLoss !== null).toBe(after.state === 'encoder_lost');
          if (after.state === 'ended') expect(after.endedAt).not.toBeNull();
          if (['live', 'paused', 'encoder_lost'].includes(after.state))
            expect([after.liveAt !== null, after.endedAt]).toEqual([true, null]);
          if (before.liveAt !== null) expect(after.liveAt).toBe(before.liveAt);
          if (kind === 'moved' && after.state === 'encoder_lost') expect(after.graceEndsAt).toBe(nowMs + GRACE_MS);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('cancelled is for ever', () => {
    for (const event of SHOW_EVENTS) expect(nextShow({ ...draft, state: 'cancelled' }, event, at(0)).kind).not.toBe('moved');
  });
});

describe('guards', () => {
  test('scheduling needs a start time', () => {
    expect(nextShow({ ...draft, scheduledAt: null }, 'schedule', at(0))).toMatchObject({ kind: 'refused', code: 'INSP_SHOWS_NOT_READY' });
  });

  test('going live needs a picture', () => {
    const waiting = { ...draft, state: 'waiting' as const };
    expect(nextShow(waiting, 'go_live', at(0, false))).toMatchObject({ kind: 'refused', code: 'INSP_SHOWS_NOT_READY' });
    expect(nextShow(waiting, 'go_live', at(0, true))).toMatchObject({ kind: 'moved', next: { state: 'live', liveAt: 0 } });
  });

  test('[LC8] reopening is possible at two hours sharp and not a millisecond later', () => {
    const ended = { ...draft, state: 'ended' as const, liveAt: 1, endedAt: 1_000 };
    expect(nextShow(ended, 'reopen', at(1_000 + REOPEN_WINDOW_MS))).toMatchObject({
      kind: 'moved',
      next: { state: 'live', liveAt: 1, endedAt: null },
    });
    expect(nextShow(ended, 'reopen', at(1_001 + REOPEN_WINDOW_MS))).toMatchObject({ kind: 'refused', code: 'INSP_SHOWS_NOT_READY' });
  });

  test('[LC4] the grace ends the show at its end, not before, and a second loss does not extend it', () => {
    const lost = { ...draft, state: 'encoder_lost' as const, stateBeforeLoss: 'live' as const, graceEndsAt: 5_000, liveAt: 1 };
    expect(nextShow(lost, 'grace_over', at(4_999))).toEqual({ kind: 'ignored' });
    expect(nextShow(lost, 'encoder_lost', at(4_999))).toEqual({ kind: 'ignored' });
    expect(nextShow(lost, 'grace_over', at(5_000))).toMatchObject({ kind: 'moved', next: { state: 'ended', endedAt: 5_000 } });
  });

  test('[LC1] cancelling is possible only before the show is live', () => {
    const from = SHOW_STATES.filter((state) => nextShow({ ...draft, state }, 'cancel', at(0)).kind === 'moved');
    expect(from).toEqual(['draft', 'scheduled', 'waiting']);
  });

  test('a refusal names the state', () => {
    expect(nextShow(draft, 'go_live', at(0))).toMatchObject({
      code: 'INSP_SHOWS_TRANSITION_REFUSED',
      detail: expect.stringContaining('draft'),
    });
  });
});
