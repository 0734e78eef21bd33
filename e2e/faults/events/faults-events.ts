// npm run faults:events: breaks the event log and its figures in every way the design page names, with real processes
// on a real Postgres with fsync on, and holds what is left against the journals. Ends with 1 on any violation.
//
//   npm run faults:events                              everything, 50 rounds of kills; about 15 minutes
//   npm run faults:events -- --rounds 5 --short        everything, shorter; about a minute and a half
//   npm run faults:events -- --only zombie,poison --seed 7
//   npm run faults:events -- --sabotage by-seq         breaks a part on purpose: must end with 1
import { parseArgs } from 'node:util';
import { countViolations, machineLine, roundLine, summarize } from './report.ts';
import { runFaults, SCENARIOS, type ScenarioName } from './run-faults.ts';
import { isSabotage, SABOTAGES } from './sabotages.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string' },
    only: { type: 'string' },
    sabotage: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});

const killRounds = Number(values.rounds);
if (!Number.isInteger(killRounds) || killRounds < 1 || killRounds > 1_000)
  throw new Error('--rounds must be a whole number from 1 to 1000');
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed must be a whole number');
const sabotage = values.sabotage ?? null;
if (sabotage !== null && !isSabotage(sabotage)) throw new Error(`--sabotage is one of ${Object.keys(SABOTAGES).join(', ')}`);

function chooseScenarios(): ScenarioName[] {
  const names = Object.keys(SCENARIOS) as ScenarioName[];
  if (values.only === undefined) return sabotage === null ? names : [SABOTAGES[sabotage as keyof typeof SABOTAGES].scenario];
  const wanted = values.only.split(',');
  const unknown = wanted.find((name) => !Object.hasOwn(SCENARIOS, name));
  if (unknown !== undefined) throw new Error(`--only names no scenario: ${unknown}; there are ${names.join(', ')}`);
  return wanted as ScenarioName[];
}

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort(new Error('stopped')));

const names = chooseScenarios();
process.stdout.write(`faults:events, seed ${seed}${sabotage === null ? '' : `, SABOTAGED: ${sabotage}`}\n`);
for (const name of names) process.stdout.write(`  ${name}: ${SCENARIOS[name].doc}\n`);
let machine = machineLine();
const results = await runFaults({
  ...{ names, seed, killRounds, sabotage, isShort: values.short, signal: abort.signal },
  onStarted: (database) => {
    machine = `${machineLine()}, ${database}`;
  },
  // A sabotage is found out by its first violation.
  isEnough: ({ violations }) => sabotage !== null && violations.length > 0,
  onRound: (result) => void process.stdout.write(`${roundLine(result)}\n`),
});
console.table(summarize(results));
process.stdout.write(`${machine}\n`);
const violationCount = countViolations(results);
process.stdout.write(violationCount === 0 ? 'zero violations\n' : `${violationCount} VIOLATIONS; seed ${seed}\n`);
process.exitCode = violationCount === 0 ? 0 : 1;
