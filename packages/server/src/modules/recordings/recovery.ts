// What a process that died left: recordings still marked as running. Files are the truth; names say what rows say.
//   a file without a row          adopted, if its init section is there; else removed
//   a row without its whole file  removed: the file is a gap now
//   the segment that was open     was never a file, and is lost
import { type AacConfig, type AvcConfig, readInitConfig } from '@insp/media';
import type { Logger } from '../../kernel/logger.ts';
import type { RecordingIndex } from './recorder.ts';
import type { PeriodRow, RecordingRow } from './recording-store.postgres.ts';
import { folderOfBroadcast, initKeyOf, readKey, type StoredSegment, segmentKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';

export type Recovered = {
  readonly keptCount: number;
  readonly adoptedCount: number;
  readonly removedFileCount: number;
  readonly removedRowCount: number;
};

export async function recoverRecording(
  recording: RecordingRow,
  known: { segments: readonly StoredSegment[]; periods: readonly PeriodRow[] },
  deps: {
    store: SegmentStore;
    index: Pick<RecordingIndex, 'addPeriod' | 'addSegments' | 'complete'>;
    removeRow(segment: StoredSegment): Promise<void>;
    logger: Logger;
  },
): Promise<Recovered> {
  const { showId, broadcastId } = recording;
  const { store, index } = deps;
  const files = await store.list(folderOfBroadcast(showId, broadcastId));
  const rows = new Map(known.segments.map((segment) => [segmentKeyOf(showId, segment), segment]));
  const inits = new Set(known.periods.map((period) => initKeyOf(showId, period)));
  const orphans: StoredSegment[] = [];
  const useless: string[] = [];
  const whole = new Set<string>();

  for (const file of files) {
    const what = readKey(file);
    if (what.kind === 'init') {
      if (inits.has(file.key)) continue;
      const bytes = await store.get(file.key);
      const config: AvcConfig | AacConfig | null = bytes === null ? null : readInitConfig(bytes);
      if (config === null) useless.push(file.key);
      else {
        const { track, periodId } = what;
        await index.addPeriod(showId, { broadcastId, track, periodId, decoderConfig: config.decoderConfig, byteCount: file.byteCount });
        inits.add(file.key);
      }
    } else if (what.kind === 'segment') {
      const row = rows.get(file.key);
      if (row && row.byteCount === file.byteCount) whole.add(file.key);
      else if (!row) orphans.push(what.segment);
    } else useless.push(file.key);
  }

  const adopted = orphans.filter((segment) => inits.has(initKeyOf(showId, segment)));
  useless.push(...orphans.filter((segment) => !adopted.includes(segment)).map((segment) => segmentKeyOf(showId, segment)));
  if (adopted.length > 0) await index.addSegments(showId, adopted);
  for (const key of useless) await store.delete(key);
  const lost = [...rows].filter(([key]) => !whole.has(key));
  for (const [key, row] of lost) {
    await deps.removeRow(row);
    await store.delete(key);
  }

  const kept = [...known.segments.filter((segment) => whole.has(segmentKeyOf(showId, segment))), ...adopted];
  const endedAt = kept.reduce(
    (end, { programDateTimeMs, durationMs }) => Math.max(end, programDateTimeMs + durationMs),
    recording.startedAt,
  );
  await index.complete(showId, broadcastId, Math.round(endedAt));
  const recovered = {
    keptCount: kept.length,
    adoptedCount: adopted.length,
    removedFileCount: useless.length,
    removedRowCount: lost.length,
  };
  deps.logger.info({ showId, broadcastId, ...recovered }, 'a recording that was cut off is complete as far as it goes');
  return recovered;
}
