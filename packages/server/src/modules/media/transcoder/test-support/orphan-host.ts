// A process that runs one ffmpeg and never ends: for a test that kills it. Arguments: an FLV file. Prints ffmpeg's pid.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { planLadder } from '@insp/media';
import { systemClock } from '../../../../kernel/clock.ts';
import { createLocalLauncher } from '../local-launcher.process.ts';

const source = { widthPx: 640, heightPx: 360, framesPerSec: 30, bitrateBitsPerSec: null, hasBFrames: false };
const ignored = () => {};
const job = createLocalLauncher({ ffmpeg: 'ffmpeg', clock: systemClock }).start(
  { rungs: planLadder(source, [240]), source, hasSound: false, threadCount: 1 },
  {
    onRung: ignored,
    onStills: ignored,
    onProgress: ignored,
    onPicture: ignored,
    onSound: ignored,
    onExit: ({ reason }) => process.stdout.write(`exit ${reason}\n`),
  },
);
job.write([await readFile(process.argv[2] ?? '')]);
process.stdout.write(`pid ${job.pid}\n`);
for (;;) await delay(1_000);
