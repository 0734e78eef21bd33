// The measured process of the restream bench: the relay as the server runs it, fed with the tags of a file at the pace of
// its clock. Tells what it used, and when a target got into trouble.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlvTag } from '@insp/media';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { systemRandom } from '../packages/server/src/kernel/random.ts';
import { createSeal } from '../packages/server/src/kernel/seal.ts';
import { createBroadcast } from '../packages/server/src/modules/restream/broadcast.ts';
import { createOpenLine, createReadAddress } from '../packages/server/src/modules/restream/relay/line.tcp.ts';
import { boundTo, type TargetRecord } from '../packages/server/src/modules/restream/target-record.ts';
import { createDialStream, parseOutboundPolicy } from '../packages/server/src/platform/outbound/index.ts';

type Task = { urls: string[]; file: string; runSec: number; warmSec: number; trustedRoots?: string };
const { urls, file, runSec, warmSec, ...trust } = JSON.parse(process.argv[2] ?? '{}') as Task;
const clock = systemClock;
const seal = createSeal(Buffer.alloc(32, 1), systemRandom);
const policy = parseOutboundPolicy('127.0.0.0/8, ::1');
const events: { target: number; state: string; reason: string; atMs: number }[] = [];
const broadcast = createBroadcast({
  grant: { showId: `shw_${'1'.repeat(32)}`, orgId: 'bench', playbackId: 'p', isSimulated: true, createdAtMs: 0 },
  ...{ clock, random: systemRandom, logger: silentLogger, seal },
  openLine: createOpenLine({ policy, clock, dial: createDialStream({ policy, clock, ...trust }) }),
  readAddress: createReadAddress(policy),
  onChange: (record, { to, atMs }) => events.push({ target: record.position, state: to.kind, reason: to.reason, atMs }),
});
const tags = readFlv(readFileSync(file));
const lengthMs = (tags.at(-1)?.timestampMs ?? 0) + 33;

clock.every(250, () => broadcast.tick());
broadcast.showIs('live');
for (const [position, url] of urls.entries()) {
  const named = { id: `rst_${position.toString(16).padStart(32, '0')}` as const, orgId: 'bench' };
  const record: TargetRecord = {
    ...{
      ...named,
      showId: `shw_${'1'.repeat(32)}`,
      name: String(position),
      platform: 'rtmp',
      url,
      position,
      isEnabled: true,
      mode: 'auto',
    },
    ...{ sealedKey: seal.close(`bench-key-${position}`, boundTo(named)), streamKeyLastFour: '' },
  };
  broadcast.put(record);
}
broadcast.tap.onConnected(clock.nowMs());

const startMs = performance.now();
let next = 0;
let frameCount = 0;
let usageFrom: NodeJS.CpuUsage | null = null;
let measuredFromMs = 0;
const rssMb = () => process.memoryUsage.rss() / 1024 ** 2;
let rssBeforeMb = 0;
let rssMaxMb = 0;
while (performance.now() - startMs < (runSec + warmSec) * 1000) {
  const elapsedMs = performance.now() - startMs;
  for (;;) {
    const tag = tags[next % tags.length] as FlvTag;
    const atMs = tag.timestampMs + Math.floor(next / tags.length) * lengthMs;
    if (atMs > elapsedMs) break;
    // A fresh body, as the ingest makes one for every message.
    broadcast.tap.onTag({ ...tag, timestampMs: atMs, body: tag.body.slice() }, clock.nowMs());
    if (tag.kind === 'video' && tag.body[1] === 1) frameCount += 1;
    next += 1;
  }
  if (usageFrom === null && elapsedMs >= warmSec * 1000) {
    usageFrom = process.cpuUsage();
    measuredFromMs = performance.now();
    rssBeforeMb = rssMb();
  }
  if (usageFrom !== null) rssMaxMb = Math.max(rssMaxMb, rssMb());
  await delay(8);
}
const used = process.cpuUsage(usageFrom ?? undefined);
const measuredMs = performance.now() - measuredFromMs;
const views = broadcast.views();
broadcast.finish('show_ended');
await delay(1_500);
process.send?.({
  cpuShare: (used.user + used.system) / 1000 / measuredMs,
  ...{ rssBeforeMb, rssMaxMb, frameCount, events },
  droppedFrameCounts: views.map(({ status }) => status.droppedFrameCount),
});
process.disconnect?.();
process.exit(0);

/** The tags of an FLV file (Adobe, annex E.3), without its script data. */
function readFlv(bytes: Buffer): FlvTag[] {
  const found: FlvTag[] = [];
  for (let at = 13; at + 11 < bytes.length; ) {
    const type = bytes[at];
    const size = bytes.readUIntBE(at + 1, 3);
    const timestampMs = bytes.readUIntBE(at + 4, 3) + (bytes[at + 7] ?? 0) * 2 ** 24;
    if (type === 8 || type === 9)
      found.push({ kind: type === 9 ? 'video' : 'audio', timestampMs, body: bytes.subarray(at + 11, at + 11 + size) });
    at += 11 + size + 4;
  }
  return found;
}
