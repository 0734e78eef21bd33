// A media module with a real ffmpeg behind it; what comes out of the packager is kept, segment by segment, and read
// back by ffprobe.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrackName, TrackSegment } from '@insp/media';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLogger } from '../../../../kernel/logger.ts';
import { createLatestStills, createTranscoder, type OpenTap, type OpenTranscoderListener, type PublishGrant } from '../../index.ts';
import { outputOf } from '../../test-support/ffmpeg.ts';
import { createMediaRig } from '../../test-support/media-rig.ts';
import { createLocalLauncher } from '../local-launcher.process.ts';
import type { RungName, TranscodeLauncher } from '../ports.ts';

/** Small pictures: a ladder for which any machine has the CPU. */
export const SIDES_PX = [240, 180];

export type Packet = { ptsMs: number; dtsMs: number; isKey: boolean };

export async function createLadderRig(options: { ffmpeg?: string; listeners?: OpenTranscoderListener[] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'insp-ladder-'));
  const segments = new Map<string, TrackSegment[]>();
  const broadcasts = new Map<string, PublishGrant>();
  const lastPictureAtMs = new Map<string, number>();
  const pids: { playbackId: string; pid: number }[] = [];
  const local = createLocalLauncher({ ffmpeg: options.ffmpeg ?? 'ffmpeg', clock: systemClock });
  let opening = '';
  const launcher: TranscodeLauncher = {
    ...local,
    start(plan, outputs) {
      const job = local.start(plan, outputs);
      if (job.pid !== null) pids.push({ playbackId: opening, pid: job.pid });
      return job;
    },
  };
  const latest = createLatestStills();
  const transcoder = createTranscoder({
    launcher,
    ladder: { kind: 'sides', sidesPx: SIDES_PX },
    threadCount: 1,
    listeners: [...(options.listeners ?? []), latest.openListener],
    clock: systemClock,
    logger: silentLogger,
  });
  const keep: OpenTap = ({ broadcastId, grant }) => {
    broadcasts.set(broadcastId, grant);
    return {
      onSegment(segment) {
        const key = `${grant.playbackId} ${segment.track}`;
        segments.set(key, [...(segments.get(key) ?? []), segment]);
      },
    };
  };
  /** Which broadcast an ffmpeg belongs to: it is started within a call of that broadcast's tap. */
  const watched: OpenTap = (broadcast) => {
    const tap = transcoder.openTap({
      ...broadcast,
      openRung(rung) {
        const feed = broadcast.openRung(rung);
        return {
          push(event) {
            if (event.kind === 'video') lastPictureAtMs.set(`${broadcast.grant.playbackId} ${rung}`, Date.now());
            feed.push(event);
          },
          close: feed.close,
        };
      },
    });
    return {
      ...tap,
      onSample(event, atMs) {
        opening = broadcast.grant.playbackId;
        tap.onSample?.(event, atMs);
      },
    };
  };
  await transcoder.start();
  const rig = await createMediaRig({ openTaps: [keep, watched, latest.openTap], still: latest.read });

  const segmentsOf = (track: TrackName, playbackId = 'play-one') => segments.get(`${playbackId} ${track}`) ?? [];
  return {
    ...rig,
    transcoder,
    segmentsOf,
    /** When the newest picture of a rung came; 0 before the first. */
    lastPictureAtMs: (rung: RungName, playbackId = 'play-one') => lastPictureAtMs.get(`${playbackId} ${rung}`) ?? 0,
    /** Of the ffmpeg that was started last for this show. */
    pidOf: (playbackId = 'play-one') => pids.findLast((one) => one.playbackId === playbackId)?.pid ?? null,
    status(playbackId = 'play-one') {
      const [broadcastId] = [...broadcasts].findLast(([, grant]) => grant.playbackId === playbackId) ?? [];
      return broadcastId === undefined ? null : transcoder.status(broadcastId);
    },
    /** Packets of each segment, as ffprobe reads them. */
    async packetsOf(track: TrackName, playbackId = 'play-one'): Promise<Map<number, Packet[]>> {
      const list = segmentsOf(track, playbackId);
      const file = join(folder, `${playbackId}-${track}.mp4`);
      const packets: Packet[] = [];
      // Each init section begins a file: a period, or a rung that came back with other parameters.
      for (let at = 0; at < list.length; ) {
        const { period } = list[at] as TrackSegment;
        const end = list.findIndex((segment, index) => index > at && segment.period !== period);
        const run = list.slice(at, end < 0 ? list.length : end);
        await writeFile(file, Buffer.concat([period?.init ?? new Uint8Array(0), ...run.flatMap((segment) => segment.pieces)]));
        const args = ['-v', 'error', '-of', 'csv=p=0', '-show_entries', 'packet=pts,dts,flags', '-show_entries', 'stream=time_base', file];
        packets.push(...readPackets(await outputOf('ffprobe', args)));
        at += run.length;
      }
      let from = 0;
      return new Map(
        list.map((segment) => {
          const own = packets.slice(from, from + segment.frameCount);
          from += segment.frameCount;
          return [segment.mediaSequence, own];
        }),
      );
    },
    async stop() {
      await rig.stop();
      await transcoder.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type LadderRig = Awaited<ReturnType<typeof createLadderRig>>;

function readPackets(text: string): Packet[] {
  return text
    .split('\n')
    .map((line) => line.split(','))
    .filter(([pts, dts]) => /^-?\d+$/.test(pts ?? '') && /^-?\d+$/.test(dts ?? ''))
    .map(([pts, dts, flags]) => ({ ptsMs: Number(pts) / 90, dtsMs: Number(dts) / 90, isKey: flags?.startsWith('K') ?? false }));
}
