// The short form of `npm run faults:media -- fuzz`: the same code on 20,000 inputs, and every input that once failed.
import { expect, test } from 'vitest';
import { FUZZ_LIMITS, makeInput, runFuzz, runInput } from './fuzz.ts';
import { loadCorpus } from './fuzz-corpus.ts';
import { KEPT_SEEDS } from './fuzz-seeds.ts';
import { openCollector } from './garbage.ts';

const corpus = loadCorpus();

test('[RI6] 20,000 mutated inputs: no throw, faults are final, splits change nothing, memory is bounded', () => {
  const report = runFuzz({ corpus, seed: 1, count: 20_000, ...openCollector() });
  expect(report.findings).toEqual([]);
  expect(report.maxHeldBytesPerSession).toBeGreaterThan(0);
  expect(report.maxHeldBytesPerSession).toBeLessThan(FUZZ_LIMITS.heldBytesPerSession);
  // It got everywhere: past the key, into the tags, to the goodbye, and into every kind of fault a byte can cause.
  const reached = [...report.reached.keys()].join('\n');
  for (const way of ['session: goodbye', 'session: tag', 'session: handshake', 'chunks: messages', 'amf: values', 'amf: refused'])
    expect(reached).toContain(way);
  for (const fault of [
    'message_too_large',
    'too_many_chunk_streams',
    'header_without_predecessor',
    'message_interrupted',
    'command_malformed',
  ])
    expect(reached).toContain(fault);
  for (const event of ['video_config', 'video', 'audio_config', 'audio', 'unsupported', 'jump'])
    expect(reached).toMatch(new RegExp(`^tags: (.* )?${event}( |$)`, 'm'));
});

test('an input is the same whenever it is made', () => {
  for (const index of [0, 1, 999]) expect(makeInput(corpus, 7, index).bytes).toEqual(makeInput(corpus, 7, index).bytes);
  expect(makeInput(corpus, 7, 3).bytes).not.toEqual(makeInput(corpus, 8, 3).bytes);
});

test.each(KEPT_SEEDS)('[RI6] seed $seed, input $index: $was', ({ seed, index }) => {
  expect(runInput(corpus, seed, index).finding).toBeNull();
});
