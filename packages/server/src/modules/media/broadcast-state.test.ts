import type { Id, IngestSource } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BroadcastEvent, type BroadcastState, nextBroadcastState } from './broadcast-state.ts';

const brd = (digit: number) => `brd_${String(digit).repeat(32)}` as Id<'brd'>;
const picture = (atMs: number, digit = 1, source: IngestSource = 'primary'): BroadcastEvent => ({
  kind: 'picture',
  source,
  atMs,
  newId: brd(digit),
});
const toBackup: BroadcastEvent = { kind: 'switched', source: 'backup', cause: 'silent', gapMs: 1_512.4 };
const gone = (lastPictureAtMs: number): BroadcastEvent => ({ kind: 'gone', lastPictureAtMs, cause: 'connection_reset' });

function run(events: readonly BroadcastEvent[]) {
  let state: BroadcastState = { kind: 'off' };
  const facts = [];
  for (const event of events) {
    const step = nextBroadcastState(state, event);
    state = step.state;
    facts.push(...step.facts);
  }
  return { state, facts };
}

test('[BR1] the first picture starts a broadcast, later ones say nothing', () => {
  expect(run([picture(0), picture(2_000, 2)]).facts).toEqual([{ name: 'media.broadcast_started', payload: { broadcastId: brd(1) } }]);
});

test('[BR2] an encoder that comes back goes on with the same broadcast, and the gap is measured picture to picture', () => {
  expect(run([picture(0), gone(5_000), picture(8_250, 2)]).facts.slice(1)).toEqual([
    { name: 'media.encoder_lost', payload: { broadcastId: brd(1), cause: 'connection_reset' } },
    { name: 'media.encoder_resumed', payload: { broadcastId: brd(1), gapMs: 3_250 } },
  ]);
});

test('[BR7] the other encoder taking over is told with cause and gap, and ends nothing', () => {
  expect(run([picture(0), toBackup, picture(9_000, 2, 'backup')]).facts.slice(1)).toEqual([
    { name: 'media.ingest_switched', payload: { broadcastId: brd(1), from: 'primary', to: 'backup', cause: 'silent', gapMs: 1_512 } },
  ]);
  expect(run([toBackup]).facts).toEqual([]);
});

test('[BR7] a loss that the other encoder ends is told as both', () => {
  expect(run([picture(0), gone(5_000), picture(5_400, 2, 'backup')]).facts.slice(2)).toEqual([
    { name: 'media.encoder_resumed', payload: { broadcastId: brd(1), gapMs: 400 } },
    { name: 'media.ingest_switched', payload: { broadcastId: brd(1), from: 'primary', to: 'backup', cause: 'gone', gapMs: 400 } },
  ]);
});

test('[BR3] after the window, and after the end, the next picture is another broadcast', () => {
  for (const over of [{ kind: 'window_over' }, { kind: 'end' }] as const) {
    expect(run([picture(0), gone(5_000), over, picture(9_000, 2)]).facts.at(-1)).toEqual({
      name: 'media.broadcast_started',
      payload: { broadcastId: brd(2) },
    });
  }
});

test('[BR4] losing an encoder that never showed a picture, or twice, says nothing', () => {
  expect(run([gone(0)]).facts).toEqual([]);
  expect(run([picture(0), gone(1), gone(2)]).facts).toHaveLength(2);
});

test('[BR5] in any order of events, facts of a broadcast alternate: started, lost, resumed, lost ...', () => {
  const event = fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((digit) => picture(digit, digit)),
    fc.constant(gone(3)),
    fc.constant(toBackup),
    fc.constantFrom<BroadcastEvent>({ kind: 'window_over' }, { kind: 'end' }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let isOn = false;
      for (const fact of run(events).facts) {
        if (fact.name === 'media.encoder_lost') expect(isOn).toBe(true);
        if (fact.name === 'media.encoder_resumed') expect(isOn).toBe(false);
        if (fact.name === 'media.ingest_switched') expect(isOn).toBe(true);
        isOn = fact.name !== 'media.encoder_lost';
      }
    }),
  );
});
