// Freezes the present event contract as the next release: `node tools/release-events.ts`. Run it when a version is
// published; from then on the compatibility test holds every later contract to it. Refuses what breaks an earlier one.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEvents, type EventContract } from '@insp/protocol/schemas';
import { findBreakingChanges } from '../packages/protocol/src/event-compatibility.ts';
import { ROOT } from './source-files.ts';

const folder = join(ROOT, 'packages', 'protocol', 'released');
const releases = readdirSync(folder).filter((name) => name.endsWith('.json'));
const present = describeEvents();

const broken = releases.flatMap((name) => {
  const released: EventContract = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return findBreakingChanges(released, present).map((line) => `${name}: ${line}`);
});
if (broken.length > 0) {
  process.stderr.write(`${broken.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const file = join(folder, `events-${releases.length + 1}.json`);
  writeFileSync(file, JSON.stringify(present, null, 2));
  execFileSync(join(ROOT, 'node_modules', '.bin', 'biome'), ['format', '--write', file], { cwd: ROOT, stdio: 'ignore' });
  process.stdout.write(`${file}\n`);
}
