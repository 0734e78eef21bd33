// A replay's files by name, as a playlist names them. `public` is what viewers may have: the trimmed cut of a replay that
// is theirs to see, or the show so far while it runs. `whole` is for staff: all that was on air.
//
//   index.m3u8, video.m3u8, audio.m3u8, v360.m3u8        the finished replay (VOD)
//   start.m3u8, start-video.m3u8, ...                    from the beginning while it goes on (EVENT)
//   video-123.m4s, video-init-7.mp4                      what they name
//   chat-29734512.json                                   what was said in that minute (replay-chat.ts)
//   chapters.vtt, chapters.json, storyboard.vtt, sheet-<cut>-0.jpg, thumb-<cut>-0.jpg, poster-<cut>.jpg
import {
  type AacConfig,
  type AvcConfig,
  buildChapters,
  offeredPictures,
  type ReplayTimeline,
  trimTimeline,
  writeChapterTrack,
  writeReplayMultivariant,
  writeReplayPlaylist,
  writeStoryboardTrack,
} from '@insp/media';
import { ON_AIR_STATES, type ReplayChapters, type ShowId } from '@insp/protocol';
import { JOB_LIMITS } from './limits.ts';
import type { RecordedMoment, RecordedShow } from './ports.ts';
import type { ReplayRow } from './replay-store.postgres.ts';
import { initKeyOf, isTrackName, pictureKeyOf, type StoredSegment, segmentKeyOf } from './segment-key.ts';
import type { ShowIndex } from './show-index.ts';

/** What the pictures job made of a cut. */
export type PicturesResult = {
  readonly thumbnailCount: number;
  readonly thumbnailEveryMs: number;
  readonly storyboardCount: number;
  readonly storyboardEveryMs: number;
  readonly storyboardWidthPx: number;
  readonly storyboardHeightPx: number;
  readonly hasPoster: boolean;
  /** Positions in the cut; null when nothing is worth cutting. */
  readonly suggestion: { readonly startMs: number; readonly endMs: number } | null;
};

export type ReplayFile =
  | {
      readonly kind: 'playlist' | 'vtt' | 'json';
      /** As long as this is the same, so is the text. */
      readonly version: string;
      /** Null: there is no such file after all. */
      readonly write: () => string | null;
    }
  | { readonly kind: 'chat'; readonly version: string; readonly write: () => Promise<string> }
  | { readonly kind: 'video' | 'audio' | 'jpeg'; readonly key: string };

export type ReplaySource = {
  readonly show: RecordedShow;
  readonly replay: ReplayRow;
  readonly index: ShowIndex;
  readonly moments: readonly RecordedMoment[];
  /** Of the cut that is served. */
  readonly pictures: PicturesResult | null;
};

export type Audience = 'public' | 'whole';

/** What viewers see of the replay: the trimmed part. */
export const cutTimeline = (index: ShowIndex, { trimFromMs, trimToMs }: Pick<ReplayRow, 'trimFromMs' | 'trimToMs'>): ReplayTimeline =>
  trimTimeline(index.timeline(), trimFromMs, trimToMs);

/** What this audience may see now, or null where that is nothing. */
export function shownTimeline(
  { show, replay, index }: Pick<ReplaySource, 'show' | 'replay' | 'index'>,
  audience: Audience,
): { readonly timeline: ReplayTimeline; readonly isLive: boolean } | null {
  const isLive = replay.state === 'open' && ON_AIR_STATES.includes(show.state);
  const isFinished = replay.state === 'ready' && (audience === 'whole' || replay.isPublic);
  if (!isLive && !isFinished) return null;
  const timeline = audience === 'whole' || isLive ? index.timeline() : cutTimeline(index, replay);
  return timeline.segments.length === 0 ? null : { timeline, isLive };
}

/** The file of that name, or null where there is none for this audience now. */
export function findReplayFile(source: ReplaySource, audience: Audience, name: string, isDelta = false): ReplayFile | null {
  const { show, replay, index } = source;
  const shown = shownTimeline(source, audience);
  if (shown === null) return null;
  const { timeline, isLive } = shown;
  const cut = audience === 'whole' ? replay.fullCut : replay.cut;
  const openCount = source.moments.filter(({ toMs }) => toMs === null).length;
  const pictureCount = source.pictures?.storyboardCount ?? 0;
  const version = [index.version, cut, replay.trimFromMs, replay.trimToMs, show.state, source.moments.length, openCount, pictureCount].join(
    '/',
  );

  const media = /^(start-)?([a-z]+\d*)(?:\.(m3u8)|-(init-)?(\d{1,15})\.(mp4|m4s))$/.exec(name);
  const [, start, track = '', isList, isInit, number, ending] = media ?? [];
  if (isList) {
    // Whoever started over goes on in the list that grew; after a trim there is no such list.
    const isEventServed = isLive || (replay.trimFromMs === null && replay.trimToMs === null);
    const isEvent = start !== undefined || track === 'start';
    if (isEvent ? !isEventServed : isLive) return null;
    const write = () =>
      track === 'index' || track === 'start'
        ? multivariant(source, timeline, isEvent)
        : mediaPlaylist(source, timeline, track, { isEvent, isLive, isDelta });
    return { kind: 'playlist', version, write };
  }
  if (media && !start && isTrackName(track)) {
    const kind = track === 'audio' ? 'audio' : 'video';
    if (isInit) {
      const period = ending === 'mp4' ? index.period(track, Number(number)) : null;
      return period ? { kind, key: initKeyOf(show.showId, period) } : null;
    }
    const file = ending === 'm4s' ? findSegment(timeline, Number(number))?.files.get(track) : undefined;
    return file ? { kind, key: segmentKeyOf(show.showId, file as StoredSegment) } : null;
  }
  if (isLive && audience === 'public') return null;
  if (name === 'chapters.json') return { kind: 'json', version, write: () => JSON.stringify(chaptersOf(source, timeline)) };
  if (name === 'chapters.vtt') {
    return { kind: 'vtt', version, write: () => writeChapterTrack(buildChapters(timeline, source.moments, LEAD_TITLE)) };
  }
  return pictureFile(source, { showId: show.showId, cut, version }, timeline, name);
}

const LEAD_TITLE = 'Welcome';

function multivariant({ index }: ReplaySource, timeline: ReplayTimeline, isEvent: boolean): string | null {
  const prefix = isEvent ? 'start-' : '';
  const newest = timeline.segments.at(-1);
  const sound = newest ? (index.period('audio', newest.files.get('audio')?.periodId ?? -1)?.config as AacConfig | undefined) : undefined;
  if (!sound) return null;
  const pictures = offeredPictures(timeline).flatMap((track) => {
    const periodId = timeline.segments.findLast(({ files }) => files.has(track))?.files.get(track)?.periodId ?? -1;
    const facts = index.period(track, periodId)?.config as AvcConfig | undefined;
    return facts ? [{ track, facts, uri: `${prefix}${track}.m3u8` }] : [];
  });
  if (pictures.length === 0) return null;
  return writeReplayMultivariant({ timeline, pictures, sound: { ...sound, uri: `${prefix}audio.m3u8` } });
}

function mediaPlaylist(
  source: ReplaySource,
  timeline: ReplayTimeline,
  track: string,
  { isEvent, isLive, isDelta }: { isEvent: boolean; isLive: boolean; isDelta: boolean },
): string | null {
  if (!isTrackName(track)) return null;
  if (track !== 'audio' && !offeredPictures(timeline).includes(track)) return null;
  return writeReplayPlaylist({
    timeline,
    track,
    type: isEvent ? 'EVENT' : 'VOD',
    isEnded: !isLive,
    isDelta,
    ranges: source.moments,
    uriOf: (file) => `${file.track}-${file.mediaSequence}.m4s`,
    initUriOf: (name, periodId) => `${name}-init-${periodId}.mp4`,
  });
}

/** The segment with that number; the row is sorted by it. */
function findSegment({ segments }: ReplayTimeline, mediaSequence: number) {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.mediaSequence ?? 0) < mediaSequence) low = middle + 1;
    else high = middle;
  }
  return segments[low]?.mediaSequence === mediaSequence ? segments[low] : undefined;
}

/** Chapters and moments for a page that draws them. */
export function chaptersOf({ moments }: Pick<ReplaySource, 'moments'>, timeline: ReplayTimeline): ReplayChapters {
  return {
    durationMs: Math.round(timeline.durationMs),
    chapters: buildChapters(timeline, moments, LEAD_TITLE).map(({ moment, title, startMs, endMs }) => ({
      highlightId: (moment?.id ?? null) as ReplayChapters['chapters'][number]['highlightId'],
      productId: (moment?.productId ?? null) as ReplayChapters['chapters'][number]['productId'],
      title,
      startMs: Math.round(startMs),
      endMs: Math.round(endMs),
    })),
  };
}

function pictureFile(
  { pictures }: ReplaySource,
  { showId, cut, version }: { showId: ShowId; cut: string; version: string },
  timeline: ReplayTimeline,
  name: string,
): ReplayFile | null {
  if (pictures === null) return null;
  if (name === 'storyboard.vtt') {
    const write = () =>
      writeStoryboardTrack(
        {
          widthPx: pictures.storyboardWidthPx,
          heightPx: pictures.storyboardHeightPx,
          columnCount: JOB_LIMITS.sheetColumns,
          rowCount: JOB_LIMITS.sheetRows,
          intervalMs: pictures.storyboardEveryMs,
          pictureCount: pictures.storyboardCount,
          uriOf: (sheetIndex) => `sheet-${cut}-${sheetIndex}.jpg`,
        },
        timeline.durationMs,
      );
    return { kind: 'vtt', version, write };
  }
  if (name === 'poster.jpg' || name === `poster-${cut}.jpg`)
    return pictures.hasPoster ? { kind: 'jpeg', key: pictureKeyOf(showId, cut, 'poster') } : null;
  const numbered = /^(sheet|thumb)-([0-9a-z-]+)-(\d{1,6})\.jpg$/.exec(name);
  if (!numbered || numbered[2] !== cut) return null;
  const count =
    numbered[1] === 'thumb'
      ? pictures.thumbnailCount
      : Math.ceil(pictures.storyboardCount / (JOB_LIMITS.sheetColumns * JOB_LIMITS.sheetRows));
  return Number(numbered[3]) < count ? { kind: 'jpeg', key: pictureKeyOf(showId, cut, `${numbered[1]}-${numbered[3]}`) } : null;
}
