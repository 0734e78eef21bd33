// What a live show offers at this moment: playlists, the files in them, those that left a little while ago, and what is
// just about to come. Every track has the same window of media sequence numbers, that of the host's own picture; where a
// rung of the ladder has nothing it has gaps. Pure: a request is answered, refused, or told to wait for a change.
import type { AacConfig } from '../flv/aac.ts';
import { GRID_LIMITS } from '../packager/part-grid.ts';
import type { TrackName, TrackOutput, TrackPart } from '../packager/track.ts';
import { judgeReload, type LiveEdge, type ReloadDirectives } from './blocking.ts';
import { createDateRanges, type ProductMoment } from './date-ranges.ts';
import { countSkipped } from './delta.ts';
import { HOLD_BACK, type PlaylistEntry, type PlaylistSkip, type RenditionReport, writeMediaPlaylist } from './media-playlist.ts';
import { writeMultivariantPlaylist } from './multivariant-playlist.ts';
import { type FileName, initName, partName, playlistName, readFileName, segmentName } from './names.ts';
import { createTrackStore, type HeldSegment, type TrackStore } from './track-store.ts';
import { variantOf } from './variant.ts';

export const WINDOW_LIMITS = {
  /** Listed at least; RFC 8216bis asks for three target durations, Apple 9.x for six segments. */
  listedSegmentCount: 8,
  /** Listed at least: beyond the skip boundary, or delta updates would never skip. */
  listedTargetDurations: 8,
  /** Left the playlist but still there (6.2.2). */
  graceSegmentCount: 8,
  /** Parts are listed within so many target durations of the end. */
  partTargetDurations: 3,
  totalBytes: 96 * 1024 * 1024,
  /** Renditions of one show: the source, its sound, the ladder. */
  trackCount: 8,
} as const;

/** Source segments after which the ladder has come, if there is one. */
const SETTLED_AFTER_COUNT = 6;
/** A rung so many segments behind the source is not on air. */
const RUNG_BEHIND_COUNT = 2;

export type LiveFile =
  | {
      readonly kind: 'multivariant' | 'media_playlist';
      readonly text: string;
      readonly targetDurationSec: number;
      /** The show is past its first segments, in which renditions come one by one. */
      readonly isSettled: boolean;
    }
  | { readonly kind: 'video' | 'audio'; readonly bytes: Uint8Array };

export type Directives = ReloadDirectives & { readonly skip: 'YES' | 'v2' | null };

export const NO_DIRECTIVES: Directives = { mediaSequence: null, partIndex: null, skip: null };

export type LiveAnswer =
  | { readonly kind: 'file'; readonly file: LiveFile }
  /** It will come: ask again after the next change. */
  | { readonly kind: 'wait'; readonly targetDurationSec: number }
  | { readonly kind: 'refused'; readonly reason: 'part_without_sequence' | 'too_far_ahead' }
  | { readonly kind: 'none' };

export type LiveWindow = {
  add(output: TrackOutput): void;
  /** A product was shown, or is no longer. */
  mark(moment: ProductMoment): boolean;
  /** No segment will follow (until `add` is called again after a reopening). */
  end(): void;
  readonly isEnded: boolean;
  /** Closed segments of the host's own picture. */
  readonly segmentCount: number;
  readonly heldBytes: number;
  /** Picture and sound both have a segment: there are playlists. */
  readonly isPublished: boolean;
  /** The newest moment of the picture, UTC; 0 before the first. */
  readonly newestMs: number;
  /** The same text is the same object until something changes. */
  request(name: string, directives?: Directives): LiveAnswer;
};

export function createLiveWindow(): LiveWindow {
  const source = createTrackStore('video');
  const sound = createTrackStore('audio');
  const stores = new Map<TrackName, TrackStore>([
    ['video', source],
    ['audio', sound],
  ]);
  const dateRanges = createDateRanges();
  let isEnded = false;
  let newestMs = 0;
  let targetDurationSec = 0;
  /** First media sequence number in the playlists. */
  let firstListed = 0;
  /** Answers built since the last change. */
  let built = new Map<string, LiveAnswer>();

  const isPublished = () => source.segments.length > 0 && sound.segments.length > 0;
  const heldBytes = () => [...stores.values()].reduce((sum, store) => sum + store.heldBytes, 0);
  const lastOf = (store: TrackStore): HeldSegment | undefined => store.segments.at(-1);
  const listedOf = (store: TrackStore) => store.segments.filter(({ segment }) => segment.mediaSequence >= firstListed);

  /** Moves the beginning of the playlists, and forgets what left them long ago. */
  function trim(): void {
    const { listedSegmentCount, listedTargetDurations, graceSegmentCount, totalBytes } = WINDOW_LIMITS;
    const { segments } = source;
    let listedCount = 0;
    for (let durationMs = 0; listedCount < segments.length; listedCount += 1) {
      const isEnough = listedCount >= listedSegmentCount && durationMs >= listedTargetDurations * targetDurationSec * 1000;
      if (isEnough) break;
      durationMs += (segments[segments.length - 1 - listedCount] as HeldSegment).segment.durationMs;
    }
    const sequenceAt = (index: number) => (segments[Math.max(0, index)] as HeldSegment).segment.mediaSequence;
    firstListed = sequenceAt(segments.length - listedCount);
    let floor = sequenceAt(segments.length - listedCount - graceSegmentCount);
    const dropAll = () => {
      for (const store of stores.values()) store.dropBefore(floor);
    };
    dropAll();
    while (heldBytes() > totalBytes && floor < firstListed) {
      floor += 1;
      dropAll();
    }
    const [first] = listedOf(source);
    if (first) dateRanges.moveTo(first.segment.programDateTimeMs, newestMs);
  }

  /** A gap in the place of a source segment the rung does not have. */
  function gapFor(track: TrackName, { segment }: HeldSegment): PlaylistEntry {
    const { mediaSequence, discontinuitySequence, isDiscontinuity, durationMs, programDateTimeMs } = segment;
    const uri = segmentName(track, mediaSequence);
    return {
      mediaSequence,
      discontinuitySequence,
      isDiscontinuity,
      durationMs,
      programDateTimeMs,
      uri,
      initUri: null,
      isGap: true,
      parts: [],
    };
  }

  const partEntries = (parts: readonly TrackPart[]) =>
    parts.map((part) => ({
      uri: partName(part.track, part.mediaSequence, part.partIndex),
      durationMs: part.durationMs,
      isIndependent: part.isIndependent,
      isGap: part.isGap,
    }));

  function entriesOf(store: TrackStore): PlaylistEntry[] {
    const listed = listedOf(store);
    const openMs = store.openParts.reduce((sum, part) => sum + part.durationMs, 0);
    const withPartsMs = WINDOW_LIMITS.partTargetDurations * targetDurationSec * 1000;
    let toEndMs = openMs + listed.reduce((sum, { segment }) => sum + segment.durationMs, 0);
    const firstHeld = listed[0]?.segment.mediaSequence ?? Number.POSITIVE_INFINITY;
    const lead = store === source ? [] : listedOf(source).filter(({ segment }) => segment.mediaSequence < firstHeld);
    // A rung that has nothing yet is no playlist; one that joined late begins with gaps.
    const gaps = listed.length === 0 ? [] : lead.map((held) => gapFor(store.track, held));
    const own = listed.map(({ segment, parts }): PlaylistEntry => {
      const hasParts = toEndMs <= withPartsMs;
      toEndMs -= segment.durationMs;
      return {
        mediaSequence: segment.mediaSequence,
        discontinuitySequence: segment.discontinuitySequence,
        isDiscontinuity: segment.isDiscontinuity,
        isGap: segment.isGap,
        durationMs: segment.durationMs,
        programDateTimeMs: segment.programDateTimeMs,
        uri: segmentName(store.track, segment.mediaSequence),
        initUri: segment.period && !segment.isGap ? initName(segment.period) : null,
        parts: hasParts ? partEntries(parts) : [],
      };
    });
    return [...gaps, ...own];
  }

  function reportOf(store: TrackStore): RenditionReport {
    const { openParts } = store;
    const last = lastOf(store);
    const open = openParts.at(-1);
    return {
      uri: playlistName(store.track),
      lastMediaSequence: open?.mediaSequence ?? last?.segment.mediaSequence ?? 0,
      lastPartIndex: open?.partIndex ?? last?.parts.at(-1)?.partIndex ?? null,
    };
  }

  /** What may be played now: the source, its sound, the rungs that keep up. */
  const isOnAir = (store: TrackStore): boolean => {
    const last = lastOf(store)?.segment;
    if (!last) return false;
    if (store === source || store === sound) return true;
    const sourceLast = lastOf(source)?.segment.mediaSequence ?? 0;
    return !last.isGap && sourceLast - last.mediaSequence <= RUNG_BEHIND_COUNT;
  };

  function mediaPlaylist(store: TrackStore, skip: Directives['skip']): string {
    const entries = entriesOf(store);
    const { openParts } = store;
    const [first] = openParts;
    const openMs = openParts.reduce((sum, part) => sum + part.durationMs, 0);
    const skipUntilMs = HOLD_BACK.skipUntilTargetDurations * targetDurationSec * 1000;
    const entryCount = skip === null || isEnded ? 0 : countSkipped(entries, openMs, skipUntilMs);
    const removedDateRanges = skip === 'v2' ? dateRanges.removedSince(newestMs - skipUntilMs) : null;
    const skipped: PlaylistSkip | null = entryCount === 0 ? null : { entryCount, removedDateRanges };
    const isPicture = store !== sound;
    const tags = isPicture ? dateRanges.tags(skipped?.removedDateRanges ? newestMs - skipUntilMs : undefined) : [];
    // The first part may be a gap without an init section of its own.
    const openPeriod = openParts.find((part) => part.period !== null && !part.isGap)?.period;
    return writeMediaPlaylist(
      {
        targetDurationSec,
        partTargetMs: partTargetMs(),
        isIndependent: store.isIndependent,
        entries,
        open: first
          ? {
              isDiscontinuity: first.isDiscontinuity,
              programDateTimeMs: first.programDateTimeMs,
              initUri: openPeriod ? initName(openPeriod) : null,
              parts: partEntries(openParts),
            }
          : null,
        hintUri: partName(store.track, hintOf(store).mediaSequence, hintOf(store).partIndex),
        dateRanges: tags,
        reports: [...stores.values()].filter((other) => other !== store && isOnAir(other)).map(reportOf),
        isEnded,
      },
      skipped,
    );
  }

  const partTargetMs = () => lastOf(source)?.parts[0]?.partTargetMs ?? source.openParts[0]?.partTargetMs ?? 1_000;

  function hintOf(store: TrackStore): { mediaSequence: number; partIndex: number } {
    const next = (lastOf(store)?.segment.mediaSequence ?? 0) + 1;
    const open = store.openParts.at(-1);
    return open ? { mediaSequence: open.mediaSequence, partIndex: open.partIndex + 1 } : { mediaSequence: next, partIndex: 0 };
  }

  const multivariantPlaylist = (): string =>
    writeMultivariantPlaylist({
      variants: [...stores.values()].flatMap((store) =>
        store !== sound && isOnAir(store) ? (variantOf(store, sound, firstListed) ?? []) : [],
      ),
      sound: lastOf(sound)?.segment.period?.config as AacConfig,
      soundUri: playlistName('audio'),
      isIndependent: [...stores.values()].every((store) => store.isIndependent),
    });

  const edgeOf = (store: TrackStore): LiveEdge => ({
    lastClosedMediaSequence: lastOf(store)?.segment.mediaSequence ?? 0,
    openPartCount: store.openParts.length,
    partCountOf: (mediaSequence) => store.find(mediaSequence)?.parts.length ?? 0,
    partTargetMs: partTargetMs(),
  });

  function once(key: string, make: () => LiveAnswer): LiveAnswer {
    const known = built.get(key) ?? make();
    built.set(key, known);
    return known;
  }

  const textFile = (kind: 'multivariant' | 'media_playlist', text: string): LiveFile => ({
    kind,
    text,
    targetDurationSec,
    isSettled: source.segments.length >= SETTLED_AFTER_COUNT,
  });

  const bytesAnswer = (track: TrackName, bytes: Uint8Array | undefined): LiveAnswer =>
    bytes && bytes.length > 0 ? { kind: 'file', file: { kind: track === 'audio' ? 'audio' : 'video', bytes } } : { kind: 'none' };

  function requestPlaylist(store: TrackStore, directives: Directives): LiveAnswer {
    const verdict = isEnded ? 'answer' : judgeReload(edgeOf(store), directives);
    if (verdict === 'wait') return { kind: 'wait', targetDurationSec };
    if (verdict !== 'answer') return { kind: 'refused', reason: verdict };
    return once(`${store.track} ${directives.skip}`, () => ({
      kind: 'file',
      file: textFile('media_playlist', mediaPlaylist(store, directives.skip)),
    }));
  }

  function requestPart(store: TrackStore, { mediaSequence, partIndex }: Extract<FileName, { kind: 'part' }>): LiveAnswer {
    const parts = store.find(mediaSequence)?.parts ?? store.openParts;
    const part = parts.find((each) => each.mediaSequence === mediaSequence && each.partIndex === partIndex);
    if (part) return bytesAnswer(store.track, part.bytes);
    const hint = hintOf(store);
    const isHinted = !isEnded && hint.mediaSequence === mediaSequence && hint.partIndex === partIndex;
    return isHinted ? { kind: 'wait', targetDurationSec } : { kind: 'none' };
  }

  return {
    add(output) {
      const { track, programDateTimeMs, durationMs } = output.kind === 'part' ? output.part : output.segment;
      let store = stores.get(track);
      if (!store) {
        if (stores.size >= WINDOW_LIMITS.trackCount) throw new RangeError(`more than ${WINDOW_LIMITS.trackCount} tracks`);
        store = createTrackStore(track);
        stores.set(track, store);
      }
      isEnded = false;
      built = new Map();
      store.add(output);
      if (track !== 'video') return;
      newestMs = Math.max(newestMs, programDateTimeMs + durationMs);
      if (output.kind === 'part') return;
      targetDurationSec = output.segment.targetDurationSec;
      trim();
    },
    mark(moment) {
      built = new Map();
      return dateRanges.mark(moment, Math.max(newestMs, moment.endMs ?? moment.startMs));
    },
    end() {
      isEnded = true;
      built = new Map();
    },
    get isEnded() {
      return isEnded;
    },
    get segmentCount() {
      return source.segments.length;
    },
    get heldBytes() {
      return heldBytes();
    },
    get isPublished() {
      return isPublished();
    },
    get newestMs() {
      return newestMs;
    },
    request(name, directives = NO_DIRECTIVES) {
      const file = readFileName(name);
      if (!file) return { kind: 'none' };
      if (!isPublished()) {
        // The picture has come: who asks for a playlist now need not ask again and again.
        const isComing =
          source.openParts.length > 0 && (file.kind === 'multivariant' || (file.kind === 'playlist' && stores.has(file.track)));
        return isComing ? { kind: 'wait', targetDurationSec: GRID_LIMITS.maxTargetDurationSec } : { kind: 'none' };
      }
      if (file.kind === 'multivariant') {
        return once(name, () => ({ kind: 'file', file: textFile('multivariant', multivariantPlaylist()) }));
      }
      const store = stores.get(file.track);
      if (!store) return { kind: 'none' };
      if (file.kind === 'playlist') return listedOf(store).length === 0 ? { kind: 'none' } : requestPlaylist(store, directives);
      if (file.kind === 'init') return bytesAnswer(file.track, store.findInit(file.discontinuitySequence, file.initIndex)?.init);
      if (file.kind === 'segment') return bytesAnswer(file.track, store.wholeOf(file.mediaSequence));
      return requestPart(store, file);
    },
  };
}
