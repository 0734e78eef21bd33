// npm run faults:media: breaks the way a picture comes in, in every way the design page names. Ends with 1 on any finding.
//
//   npm run faults:media -- fuzz --count 1000000       mutated inputs to the readers of RTMP, AMF and tags
//   npm run faults:media -- cuts --rounds 50           real encoders cut off at random, the real app, a real browser
//   npm run faults:media -- cuts --rounds 3 --no-player --seed 7
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    count: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string' },
    player: { type: 'boolean', default: true },
  },
});

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) throw new Error(`--${name} must be a whole number from 1 to ${max}`);
  return value;
}

const [scenario] = positionals;
const seed = wholeNumber('seed', values.seed ?? String(1 + (Date.now() % 1_000_000)), 2 ** 31);
const say = (line: string) => void process.stdout.write(`${line}\n`);

if (scenario === 'fuzz') {
  const { fuzz } = await import('./run-fuzz.ts');
  process.exitCode = fuzz({ seed, count: wholeNumber('count', values.count, 1_000_000_000), say });
} else if (scenario === 'cuts') {
  const { cuts } = await import('./run-cuts.ts');
  process.exitCode = await cuts({ seed, roundCount: wholeNumber('rounds', values.rounds, 1_000), hasPlayer: values.player, say });
} else {
  say('which one? npm run faults:media -- fuzz | cuts');
  process.exitCode = 1;
}
