import { createLiveWindow, type Directives, type LiveWindow, NO_DIRECTIVES } from '@insp/media';
import { createFakeClock } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { createLiveRequests, LIVE_REQUEST_LIMITS, type RequestAnswer } from './live-requests.ts';

/** A window whose answers are told: what is in `there` is a file, the rest is waited for. */
function windowOf(there: Set<string>): LiveWindow & { askedCount: number } {
  const file = { kind: 'file', file: { kind: 'video', bytes: new Uint8Array(1) } } as const;
  const window = {
    ...createLiveWindow(),
    askedCount: 0,
    request(name: string) {
      window.askedCount += 1;
      return there.has(name) ? file : ({ kind: 'wait', targetDurationSec: 2 } as const);
    },
  };
  return window;
}

function setUp() {
  const there = new Set<string>();
  const clock = createFakeClock();
  const window = windowOf(there);
  const requests = createLiveRequests({ window, clock });
  const answers: RequestAnswer[] = [];
  const ask = (name: string, directives: Directives = NO_DIRECTIVES) => requests.ask(name, directives, (answer) => answers.push(answer));
  return { there, clock, window, requests, answers, ask };
}

describe('requests for what is about to come', () => {
  test('are answered at once when it is there', () => {
    const { there, requests, answers, ask } = setUp();
    there.add('a');
    ask('a');
    expect(answers).toHaveLength(1);
    expect(requests.waitingCount).toBe(0);
  });

  test('of one kind are one group: asked once, and answered with the same object', () => {
    const { there, window, requests, answers, ask } = setUp();
    for (let index = 0; index < 1_000; index += 1) ask('a');
    ask('a', { mediaSequence: 5, partIndex: 1, skip: null });
    window.askedCount = 0;
    requests.changed();
    expect([answers.length, window.askedCount]).toEqual([0, 2]);
    there.add('a');
    window.askedCount = 0;
    requests.changed();
    expect([answers.length, window.askedCount]).toEqual([1_001, 2]);
    expect(new Set(answers).size).toBe(1);
    expect(requests.waitingCount).toBe(0);
  });

  test('[6.2.5.2-S2] end after three target durations, each by its own time', () => {
    const { clock, answers, requests, ask } = setUp();
    ask('a');
    clock.advance(1_000);
    ask('a');
    clock.advance(4_999);
    expect(answers).toEqual([]);
    clock.advance(1);
    expect(answers).toEqual([{ kind: 'too_late' }]);
    clock.advance(1_000);
    expect(answers).toHaveLength(2);
    expect(requests.waitingCount).toBe(0);
    expect(clock.timerCount).toBe(0);
  });

  test('are forgotten when the client goes; nothing is left behind', () => {
    const { there, clock, requests, answers, ask } = setUp();
    const withdraw = ask('a');
    ask('b');
    withdraw();
    withdraw();
    expect(requests.waitingCount).toBe(1);
    there.add('a').add('b');
    requests.changed();
    expect(answers).toHaveLength(1);
    expect(clock.timerCount).toBe(0);
  });

  test('are limited in number; files that are there are given to any number', () => {
    const { there, requests, answers, ask } = setUp();
    for (let index = 0; index < LIVE_REQUEST_LIMITS.waitingCount; index += 1) ask('a');
    expect(answers).toEqual([]);
    ask('b');
    expect(answers).toEqual([{ kind: 'too_many' }]);
    there.add('c');
    ask('c');
    expect(answers[1]?.kind).toBe('file');
    expect(requests.waitingCount).toBe(LIVE_REQUEST_LIMITS.waitingCount);
  });

  test('are sent away when the server stops', () => {
    const { clock, requests, answers, ask } = setUp();
    ask('a');
    ask('b');
    requests.stop();
    expect(answers).toEqual([{ kind: 'stopped' }, { kind: 'stopped' }]);
    expect(clock.timerCount).toBe(0);
  });
});
