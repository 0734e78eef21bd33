import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { fitQuestions } from '../question/question-detector.ts';
import { BurstTerms } from './burst-terms.ts';
import { personaGroups } from './personas.ts';
import { QuestionBoard } from './question-board.ts';
import { nextQuestionLife, noteFactVersion, openQuestion, QUESTION_EVENTS, QUESTION_STATES } from './question-life.ts';
import { QuestionLives } from './question-lives.ts';

describe('life of a question', () => {
  test('answered on air, price changes: reopened and the host is told', () => {
    const drafted = nextQuestionLife(openQuestion(0), 'draft_made', 1, new Map([['price', 3]])).life;
    const { life, effect } = nextQuestionLife(drafted, 'said_on_air', 2);
    expect(life.state).toBe('answered_on_air');
    expect(effect).toBe('tell_askers');
    expect(noteFactVersion(life, 'price', 3, 3).life).toBe(life);
    expect(noteFactVersion(life, 'stock', 9, 3).life).toBe(life);
    const changed = noteFactVersion(life, 'price', 4, 3);
    expect(changed.life.state).toBe('reopened');
    expect(changed.effect).toBe('alert_host');
  });
  test('any order of events: a known state, drafts rest on nothing stale, closing can be undone', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...QUESTION_EVENTS), { maxLength: 20 }), (events) => {
        let life = openQuestion(0);
        for (const [i, event] of events.entries()) {
          const before = life;
          ({ life } = nextQuestionLife(life, event, i + 1, new Map([['price', i]])));
          reached.add(life.state);
          expect(QUESTION_STATES).toContain(life.state);
          if (event === 'fact_changed') expect(['open', 'reopened']).toContain(life.state);
          if (life.state === 'open' || life.state === 'reopened') expect(life.facts.size).toBe(0);
          if (event === 'closing_undone' && before.state.startsWith('answered')) expect(life.state).toBe('open');
          expect(life.changedAtMs).toBeGreaterThanOrEqual(before.changedAtMs);
        }
      }),
    );
    expect(reached.size).toBe(QUESTION_STATES.length);
  });
});

describe('lives of all groups', () => {
  test('a new price reopens what was answered on the old one, whatever happened in between, merges and restarts included', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('event' as const), group: fc.nat(4), event: fc.constantFrom(...QUESTION_EVENTS) }),
      fc.record({ kind: fc.constant('price' as const) }),
      fc.record({ kind: fc.constant('merge' as const), from: fc.nat(4), into: fc.nat(4) }),
      fc.record({ kind: fc.constant('restart' as const) }),
    );
    const reached = { reopened: 0, merged: 0 };
    fc.assert(
      fc.property(fc.array(event, { minLength: 10, maxLength: 50 }), (events) => {
        let lives = new QuestionLives();
        let price = 1;
        for (const [nowMs, what] of events.entries()) {
          if (what.kind === 'event') lives.apply(what.group, what.event, nowMs, new Map([['price', price]]));
          else if (what.kind === 'restart') lives = QuestionLives.restore(lives.snapshot());
          else if (what.kind === 'merge') {
            const needsHost = [what.from, what.into].some((id) => ['open', 'reopened', 'drafted'].includes(lives.lifeOf(id)?.state ?? ''));
            lives.follow((id) => (id === what.from ? what.into : id));
            if (what.from !== what.into) expect(lives.lifeOf(what.from)).toBeNull();
            if (needsHost) {
              reached.merged += 1;
              expect(lives.lifeOf(what.into)?.state.startsWith('answered')).toBe(false);
            }
          } else {
            price += 1;
            reached.reopened += lives.noteFact('price', price, nowMs).filter(({ effect }) => effect === 'alert_host').length;
          }
          // No answer or draft ever stands on a price that is not today's.
          for (let id = 0; id < 5; id += 1) {
            const version = lives.lifeOf(id)?.facts.get('price');
            if (version !== undefined) expect(version).toBe(price);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(reached.reopened, reached.merged)).toBeGreaterThan(30);
  });
});

describe('burst terms', () => {
  const quiet = () => {
    const bursts = new BurstTerms();
    for (let k = 0; k < 600; k += 1) bursts.add('hello nice show', `a${k % 50}`, k * 1_000);
    return bursts;
  };
  test('a word many suddenly use comes up, the usual words do not', () => {
    const bursts = quiet();
    for (let k = 0; k < 20; k += 1) bursts.add('the teapot', `b${k}`, 600_000 + k * 200);
    const top = bursts.top(5, 604_000);
    expect(top.map(({ term }) => term)).toContain('teapot');
    expect(top.map(({ term }) => term)).not.toContain('hello');
  });
  test('one author cannot make a burst', () => {
    const bursts = quiet();
    for (let k = 0; k < 500; k += 1) bursts.add('teapot', 'loud', 600_000 + k * 10);
    expect(bursts.top(5, 605_000)).toEqual([]);
  });
  test('memory is bounded', () => {
    const bursts = new BurstTerms({ fastHalfLifeMs: 1, slowHalfLifeMs: 2, minZ: 1, minAuthors: 1, maxTerms: 10 });
    for (let k = 0; k < 100; k += 1) bursts.add(`w${k}`, 'a', k);
    expect(bursts.termCount).toBeLessThanOrEqual(10);
  });
});

describe('snapshots of the live parts', () => {
  test('foreign bytes and other versions are refused by name', () => {
    const given = { model: fitQuestions(), uniform: seededUniform(1) };
    const foreign = [
      new Uint8Array(0),
      new Uint8Array([255, 1]),
      new TextEncoder().encode('null'),
      new TextEncoder().encode('{"version":99}'),
    ];
    for (const bytes of foreign) {
      expect(() => QuestionBoard.restore(bytes, given)).toThrow('a question board');
      expect(() => BurstTerms.restore(bytes)).toThrow('burst words');
      expect(() => QuestionLives.restore(bytes)).toThrow('question lives');
    }
  });
  test('a board and its words go on exactly like ones that never stopped', () => {
    const model = fitQuestions();
    const asks = ['how much is the lamp', 'do you ship to norway', '这个包多少钱', 'love it', 'size m pls', 'is the vase in stock', 'wow'];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(asks.length - 1), fc.nat(20), fc.nat(5)), { minLength: 30, maxLength: 60 }),
        fc.nat(29),
        (steps, cut) => {
          const given = () => ({ model, uniform: seededUniform(4), options: { bufferSize: 16, repairEveryMs: 2_000 } });
          const never = new QuestionBoard(given());
          let restored = new QuestionBoard(given());
          for (const [i, [ask, author, tail]] of steps.entries()) {
            if (i === cut) restored = QuestionBoard.restore(restored.snapshot(), given());
            const nowMs = i * 500;
            const message = { text: `${asks[ask]}${tail > 2 ? ` ${tail}` : ''}`, author: `a${author}`, occurredAtMs: nowMs };
            expect(restored.add(message)).toEqual(never.add(message));
            expect(restored.repairIfDue(nowMs)).toBe(never.repairIfDue(nowMs));
          }
          const endMs = steps.length * 500;
          expect(restored.groups()).toEqual(never.groups());
          expect(restored.counts).toEqual(never.counts);
          expect(restored.bursts.top(10, endMs)).toEqual(never.bursts.top(10, endMs));
          expect(restored.snapshot()).toEqual(never.snapshot());
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('personas', () => {
  test('two kinds of viewers and what they like', () => {
    const viewers = Array.from({ length: 20 }, (_, i) => ({
      viewer: `v${i}`,
      interests: new Map(
        i % 2 === 0
          ? [
              ['shoes', 3],
              ['boots', 2],
              ['sale', 1],
            ]
          : [
              ['lamps', 4],
              ['vases', 1],
              ['sale', 1],
            ],
      ),
    }));
    const personas = personaGroups(viewers, seededUniform(1));
    expect(personas).toHaveLength(2);
    expect(personas?.map(({ topics }) => topics[0]?.topic).sort()).toEqual(['lamps', 'shoes']);
  });
  test('too few viewers: none; a bad weight is refused by row and topic', () => {
    expect(personaGroups([{ viewer: 'a', interests: new Map([['x', 1]]) }], seededUniform(1))).toBeNull();
    expect(() => personaGroups([{ viewer: 'a', interests: new Map([['x', -1]]) }], seededUniform(1))).toThrow('row 1: column x');
  });
});

describe('question board', () => {
  test('only what asks is grouped, everything is counted', () => {
    const board = new QuestionBoard({ model: fitQuestions(), uniform: seededUniform(1) });
    board.add({ text: 'love it', author: 'a', occurredAtMs: 0 });
    board.add({ text: 'how much is the lamp', author: 'b', occurredAtMs: 1 });
    expect(board.counts).toEqual({ messages: 2, asking: 1 });
    expect(board.groups()).toHaveLength(1);
  });
});
