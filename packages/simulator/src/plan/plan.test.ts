import { LIMITS } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AFTER_BUYING, COMMENTS, fillLine, GREETINGS, LANGUAGES, QUESTIONS, TOPICS } from './corpus.ts';
import { respondToHighlight } from './highlight-response.ts';
import { createPlan, type Plan, type PlanOptions } from './plan.ts';
import { parseTrace } from './trace.ts';

const options = (more: Partial<PlanOptions> = {}): PlanOptions => ({ seed: 'spring', viewerCount: 60, durationMs: 10 * 60_000, ...more });

function mostAtOnce({ events }: Plan): number {
  let now = 0;
  let most = 0;
  for (const event of events) {
    if (event.type === 'arrive') now += 1;
    if (event.type === 'leave') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

describe('plan', () => {
  test('the same seed is the same plan, another seed another', () => {
    expect(createPlan(options())).toEqual(createPlan(options()));
    expect(createPlan(options({ seed: 'autumn' }))).not.toEqual(createPlan(options()));
  });

  test('is in order, within its time, and nobody acts before arriving or after leaving', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 20 }), (seed, viewerCount, minutes) => {
        const plan = createPlan({ seed, viewerCount, durationMs: minutes * 60_000 });
        const state = new Map<number, 'here' | 'gone'>();
        let lastMs = 0;
        for (const event of plan.events) {
          expect(event.atMs).toBeGreaterThanOrEqual(lastMs);
          expect(event.atMs).toBeLessThanOrEqual(plan.durationMs);
          lastMs = event.atMs;
          if (event.type === 'arrive') {
            expect(state.get(event.viewer)).toBeUndefined();
            state.set(event.viewer, 'here');
          } else {
            expect(state.get(event.viewer)).toBe('here');
            if (event.type === 'leave') state.set(event.viewer, 'gone');
          }
        }
        expect([...state.values()].every((each) => each === 'gone')).toBe(true);
        expect(mostAtOnce(plan)).toBeLessThanOrEqual(viewerCount);
      }),
      { numRuns: 40 },
    );
  });

  test('looks like an audience: it fills up, a third are customers, most talk in English', () => {
    const plan = createPlan(options({ viewerCount: 200, durationMs: 30 * 60_000 }));
    expect(mostAtOnce(plan)).toBeGreaterThan(120);
    const customerShare = plan.viewers.filter(({ customer }) => customer).length / plan.viewers.length;
    expect(customerShare).toBeGreaterThan(0.25);
    expect(customerShare).toBeLessThan(0.42);
    const englishShare = plan.viewers.filter(({ language }) => language === 'en').length / plan.viewers.length;
    expect(englishShare).toBeGreaterThan(0.65);
    const texts = plan.events.flatMap((event) => (event.type === 'say' ? [event.text] : []));
    expect(texts.length).toBeGreaterThan(300);
    expect(texts.filter((text) => /[?？]/.test(text)).length / texts.length).toBeGreaterThan(0.15);
  });

  test('a trace gives every line its time, divided by the speed', () => {
    const rows = [0, 100, 100, 5_000, 60_000].map((atMs, index) => ({ atMs, author: index % 3 }));
    const plan = createPlan(options({ trace: { rows, speed: 2 }, durationMs: 20_000 }));
    expect(plan.events.filter((event) => event.type === 'say').map((event) => event.atMs)).toEqual([0, 50, 50, 2_500]);
    expect(plan.viewers).toHaveLength(3);
  });

  test('more authors than viewers: no line is lost, no more viewers than allowed', () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({ atMs: index * 20, author: index }));
    const plan = createPlan(options({ viewerCount: 7, trace: { rows, speed: 1 } }));
    expect(plan.events.filter((event) => event.type === 'say')).toHaveLength(500);
    expect(mostAtOnce(plan)).toBeLessThanOrEqual(7);
  });
});

describe('response to a highlight', () => {
  const viewers = createPlan(options({ viewerCount: 400, durationMs: 60_000 })).viewers;

  test('is decided by seed, viewer and turn alone', () => {
    for (const viewer of viewers.slice(0, 50)) expect(respondToHighlight('s', viewer, 3)).toEqual(respondToHighlight('s', viewer, 3));
  });

  test('orders follow adds, adds follow taps, in order of time; customers buy more than strangers', () => {
    const bought = { customer: 0, stranger: 0 };
    const seen = { customer: 0, stranger: 0 };
    for (const viewer of viewers) {
      for (let turn = 0; turn < 20; turn += 1) {
        const acts = respondToHighlight('s', viewer, turn);
        const kinds = acts.map(({ type }) => type);
        expect(acts.map(({ afterMs }) => afterMs)).toEqual(acts.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b));
        if (kinds.includes('order')) expect(kinds.indexOf('add')).toBeLessThan(kinds.indexOf('order'));
        if (kinds.includes('add')) expect(kinds.indexOf('tap')).toBeLessThan(kinds.indexOf('add'));
        const who = viewer.customer ? 'customer' : 'stranger';
        seen[who] += 1;
        if (kinds.includes('order')) bought[who] += 1;
      }
    }
    expect(bought.stranger).toBeGreaterThan(10);
    expect(bought.customer / seen.customer).toBeGreaterThan((bought.stranger / seen.stranger) * 1.5);
  });
});

describe('corpus', () => {
  test('every line fits the chat, with the longest product in it', () => {
    const all = [GREETINGS, COMMENTS, AFTER_BUYING, ...TOPICS.map((topic) => QUESTIONS[topic])];
    for (const lines of all)
      for (const language of LANGUAGES)
        for (const line of lines[language])
          expect([...fillLine(line, 'a product with a rather long name indeed')].length).toBeLessThanOrEqual(LIMITS.chatTextLength);
  });

  test('without a product on display a line still reads', () => {
    expect(fillLine('how do you wash the {product}', null)).toBe('how do you wash the one');
    expect(fillLine('how do you wash the {product}', 'Linen throw')).toBe('how do you wash the linen throw');
  });
});

describe('trace', () => {
  test('reads times and authors, whatever the other columns', () => {
    expect(parseTrace('author,x,t_ms\n4,a,0\n5,b,12.5\n')).toEqual({
      ok: true,
      rows: [
        { atMs: 0, author: 4 },
        { atMs: 12.5, author: 5 },
      ],
    });
    expect(parseTrace('t_ms\r\n7\r\n')).toEqual({ ok: true, rows: [{ atMs: 7, author: null }] });
  });

  test.each([
    ['time\n1', 'no column t_ms'],
    ['t_ms\n', 'no rows'],
    ['t_ms\n5\n4\n', 'Line 3 of the trace: t_ms goes back'],
    ['t_ms\nx\n', 'Line 2 of the trace: t_ms is not'],
    ['t_ms\n\n5\n', 'Line 2'],
    ['t_ms\n-1\n', 'Line 2'],
    ['t_ms,author\n1,me\n', 'author is not a number'],
  ])('refuses %j', (text, message) => {
    const parsed = parseTrace(text);
    expect(parsed.ok ? '' : parsed.message).toContain(message);
  });
});
