// The text of a media playlist (RFC 8216bis 4.4), whole or as a delta update (6.2.5.1).

export type PlaylistPart = {
  readonly uri: string;
  readonly durationMs: number;
  readonly isIndependent: boolean;
  readonly isGap: boolean;
};

type Head = {
  readonly isDiscontinuity: boolean;
  readonly programDateTimeMs: number;
  /** Null: nothing of it can be loaded. */
  readonly initUri: string | null;
  /** Those near the live edge; none further back. */
  readonly parts: readonly PlaylistPart[];
};

export type PlaylistEntry = Head & {
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly isGap: boolean;
  readonly durationMs: number;
  readonly uri: string;
};

export type RenditionReport = { readonly uri: string; readonly lastMediaSequence: number; readonly lastPartIndex: number | null };

export type MediaPlaylist = {
  readonly targetDurationSec: number;
  readonly partTargetMs: number;
  readonly isIndependent: boolean;
  readonly entries: readonly PlaylistEntry[];
  /** The segment that is not closed yet. */
  readonly open: Head | null;
  readonly hintUri: string | null;
  readonly dateRanges: readonly string[];
  readonly reports: readonly RenditionReport[];
  readonly isEnded: boolean;
};

/** What a delta update leaves out. */
export type PlaylistSkip = {
  readonly entryCount: number;
  /** For `_HLS_skip=v2`: ids that left lately; `dateRanges` then holds the new ones only. */
  readonly removedDateRanges: readonly string[] | null;
};

/** Multiples of the target and the part target duration (4.4.3.8). */
export const HOLD_BACK = { targetDurations: 3, partTargets: 3, skipUntilTargetDurations: 6 } as const;

const seconds = (ms: number): string => (ms / 1000).toFixed(5);
const date = (ms: number): string => new Date(Math.round(ms)).toISOString();

/** Writes the playlist; `entries` must not be empty. */
export function writeMediaPlaylist(playlist: MediaPlaylist, skip: PlaylistSkip | null = null): string {
  const { targetDurationSec, partTargetMs, entries, open, isEnded } = playlist;
  const [first] = entries;
  if (!first) throw new RangeError('a media playlist needs a segment');
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `CAN-SKIP-UNTIL=${(targetDurationSec * HOLD_BACK.skipUntilTargetDurations).toFixed(1)}`,
    'CAN-SKIP-DATERANGES=YES',
    `HOLD-BACK=${(targetDurationSec * HOLD_BACK.targetDurations).toFixed(1)}`,
    `PART-HOLD-BACK=${((partTargetMs * HOLD_BACK.partTargets) / 1000).toFixed(3)}`,
  ];
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${skip?.removedDateRanges ? 10 : 9}`,
    `#EXT-X-TARGETDURATION:${targetDurationSec}`,
    `#EXT-X-SERVER-CONTROL:${control.join(',')}`,
    `#EXT-X-PART-INF:PART-TARGET=${(partTargetMs / 1000).toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first.mediaSequence}`,
    // The number counts the discontinuities before the first segment; one in front of it is still in the list (4.4.3.3).
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first.discontinuitySequence - (first.isDiscontinuity ? 1 : 0)}`,
  ];
  if (playlist.isIndependent) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  let initUri = '';
  const pushHead = (head: Head): void => {
    if (head.isDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (head.initUri !== null && head.initUri !== initUri) {
      lines.push(`#EXT-X-MAP:URI="${head.initUri}"`);
      initUri = head.initUri;
    }
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${date(head.programDateTimeMs)}`);
    for (const part of head.parts) lines.push(partTag(part));
  };

  if (skip) {
    const removed = skip.removedDateRanges ? `,RECENTLY-REMOVED-DATERANGES="${skip.removedDateRanges.join('\t')}"` : '';
    lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skip.entryCount}${removed}`);
  }
  lines.push(...playlist.dateRanges);
  for (const entry of entries.slice(skip?.entryCount ?? 0)) {
    pushHead(entry);
    if (entry.isGap) lines.push('#EXT-X-GAP');
    lines.push(`#EXTINF:${seconds(entry.durationMs)},`, entry.uri);
  }
  if (isEnded) return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`;
  if (open) pushHead(open);
  if (playlist.hintUri !== null) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${playlist.hintUri}"`);
  for (const { uri, lastMediaSequence, lastPartIndex } of playlist.reports) {
    const lastPart = lastPartIndex === null ? '' : `,LAST-PART=${lastPartIndex}`;
    lines.push(`#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${lastMediaSequence}${lastPart}`);
  }
  return `${lines.join('\n')}\n`;
}

function partTag({ uri, durationMs, isIndependent, isGap }: PlaylistPart): string {
  return `#EXT-X-PART:DURATION=${seconds(durationMs)},URI="${uri}"${isIndependent ? ',INDEPENDENT=YES' : ''}${isGap ? ',GAP=YES' : ''}`;
}
