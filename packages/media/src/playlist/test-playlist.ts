// Reads our playlists for tests, down to parts; the parsers of others vouch for it.
export type ReadSegment = {
  mediaSequence: number;
  discontinuitySequence: number;
  isDiscontinuity: boolean;
  isGap: boolean;
  date: string;
  map: string;
  durationSec: number;
  uri: string;
  parts: string[];
};

export type ReadPlaylist = {
  mediaSequence: number;
  discontinuitySequence: number;
  control: string;
  partTarget: string;
  skippedCount: number;
  segments: ReadSegment[];
  /** Lines after the last segment. */
  tail: string[];
};

export function readPlaylist(text: string): ReadPlaylist {
  const tagValue = (tag: string) => new RegExp(`^#${tag}:(.*)$`, 'm').exec(text)?.[1] ?? '';
  const mediaSequence = Number(tagValue('EXT-X-MEDIA-SEQUENCE'));
  const skippedCount = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(text)?.[1] ?? 0);
  let discontinuitySequence = Number(tagValue('EXT-X-DISCONTINUITY-SEQUENCE'));
  const read: ReadPlaylist = {
    mediaSequence,
    discontinuitySequence,
    control: tagValue('EXT-X-SERVER-CONTROL'),
    partTarget: tagValue('EXT-X-PART-INF'),
    skippedCount,
    segments: [],
    tail: [],
  };
  let map = '';
  let next = fresh();
  function fresh() {
    return { isDiscontinuity: false, isGap: false, date: '', durationSec: 0, parts: [] as string[] };
  }
  for (const line of text.split('\n')) {
    const [tag = '', value = ''] = [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1)];
    if (tag === '#EXT-X-DISCONTINUITY') {
      next.isDiscontinuity = true;
      discontinuitySequence += 1;
    } else if (tag === '#EXT-X-GAP') next.isGap = true;
    else if (tag === '#EXT-X-MAP') map = /URI="(.*?)"/.exec(value)?.[1] ?? '';
    else if (tag === '#EXT-X-PROGRAM-DATE-TIME') next.date = value;
    else if (tag === '#EXT-X-PART') next.parts.push(value);
    else if (tag === '#EXTINF') next.durationSec = Number.parseFloat(value);
    else if (line !== '' && !line.startsWith('#')) {
      const sequence = mediaSequence + skippedCount + read.segments.length;
      read.segments.push({ mediaSequence: sequence, discontinuitySequence, map, uri: line, ...next });
      next = fresh();
      read.tail = [];
      continue;
    }
    read.tail.push(line);
  }
  return read;
}
