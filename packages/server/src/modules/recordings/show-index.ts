// The index of recordings in memory, one show at a time: read from the database when somebody asks, kept in step by the
// recorder while a show runs, so that a growing playlist asks no database. The least recently used go first.
import {
  type AacConfig,
  type AvcConfig,
  buildTimeline,
  type ReplayTimeline,
  readAacConfig,
  readAvcConfig,
  type TrackName,
  type UtcSpan,
} from '@insp/media';
import type { ShowId } from '@insp/protocol';
import { REPLAY_LIMITS } from './limits.ts';
import type { StoredPeriod, StoredSegment } from './segment-key.ts';

export type PeriodConfig = StoredPeriod & { readonly config: AvcConfig | AacConfig };

export type ShowIndex = {
  /** Counts up with every change: what was made of an older one is out of date. */
  readonly version: number;
  /** All that was on air, in a row. */
  timeline(): ReplayTimeline;
  period(track: TrackName, periodId: number): PeriodConfig | null;
  readonly spans: readonly UtcSpan[];
};

type Entry = ShowIndex & {
  segments: StoredSegment[];
  periods: Map<string, PeriodConfig>;
  spans: readonly UtcSpan[];
  version: number;
  made: { version: number; timeline: ReplayTimeline } | null;
};

export type ShowIndexes = {
  get(showId: ShowId): Promise<ShowIndex>;
  /** Stored just now; does nothing for a show nobody has asked for. */
  addSegments(showId: ShowId, segments: readonly StoredSegment[]): void;
  addPeriod(showId: ShowId, period: StoredPeriod & { decoderConfig: Uint8Array }): void;
  /** When it was on air has changed. */
  spansChanged(showId: ShowId): Promise<void>;
  drop(showId: ShowId): void;
};

export function createShowIndexes(load: {
  segments(showId: ShowId): Promise<StoredSegment[]>;
  periods(showId: ShowId): Promise<(StoredPeriod & { decoderConfig: Uint8Array })[]>;
  spans(showId: ShowId): Promise<UtcSpan[]>;
}): ShowIndexes {
  const entries = new Map<ShowId, Promise<Entry>>();
  const ready = new Map<ShowId, Entry>();
  /** What came while the rows were being read. */
  const meanwhile = new Map<ShowId, ((entry: Entry) => void)[]>();

  async function read(showId: ShowId): Promise<Entry> {
    meanwhile.set(showId, []);
    const [segments, periods, spans] = await Promise.all([load.segments(showId), load.periods(showId), load.spans(showId)]);
    const entry: Entry = {
      version: 1,
      segments,
      periods: new Map(),
      spans,
      made: null,
      timeline() {
        if (entry.made?.version !== entry.version)
          entry.made = { version: entry.version, timeline: buildTimeline(entry.segments, entry.spans) };
        return entry.made.timeline;
      },
      period: (track, periodId) => entry.periods.get(`${track}/${periodId}`) ?? null,
    };
    for (const period of periods) putPeriod(entry, period);
    for (const apply of meanwhile.get(showId) ?? []) apply(entry);
    meanwhile.delete(showId);
    ready.set(showId, entry);
    return entry;
  }

  function change(showId: ShowId, apply: (entry: Entry) => void): void {
    const entry = ready.get(showId);
    if (entry) apply(entry);
    else meanwhile.get(showId)?.push(apply);
  }

  const drop = (showId: ShowId) => {
    entries.delete(showId);
    ready.delete(showId);
  };

  return {
    async get(showId) {
      const known = entries.get(showId);
      if (known) {
        entries.delete(showId);
        entries.set(showId, known);
        return known;
      }
      const loading = read(showId);
      entries.set(showId, loading);
      loading.catch(() => {
        if (entries.get(showId) === loading) drop(showId);
        meanwhile.delete(showId);
      });
      const oldest = entries.keys().next().value;
      if (entries.size > REPLAY_LIMITS.indexesKept && oldest !== undefined) drop(oldest);
      return loading;
    },
    addSegments(showId, segments) {
      change(showId, (entry) => {
        const known = new Set(entry.segments.slice(-segments.length * 16).map(({ track, mediaSequence }) => `${track}/${mediaSequence}`));
        entry.segments.push(...segments.filter(({ track, mediaSequence }) => !known.has(`${track}/${mediaSequence}`)));
        entry.version += 1;
      });
    },
    addPeriod: (showId, period) => change(showId, (entry) => putPeriod(entry, period)),
    async spansChanged(showId) {
      if (!entries.has(showId)) return;
      const spans = await load.spans(showId);
      change(showId, (entry) => {
        entry.spans = spans;
        entry.version += 1;
      });
    },
    drop,
  };
}

function putPeriod(entry: Entry, { broadcastId, track, periodId, decoderConfig }: StoredPeriod & { decoderConfig: Uint8Array }): void {
  const config = track === 'audio' ? readAacConfig(decoderConfig) : readAvcConfig(decoderConfig);
  if (config) entry.periods.set(`${track}/${periodId}`, { broadcastId, track, periodId, config });
}
