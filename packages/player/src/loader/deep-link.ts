// `?insp=<show>&t=<sec>&hl=<highlight>&src=<target>` on any page of the shop opens the show there, muted until
// tapped (product.md 3.2). Whatever is malformed is left out; a link from a social post must never break a page.
import { type HighlightId, isId, type ShowId } from '@insp/protocol';

export type DeepLink = {
  readonly showId: ShowId;
  readonly positionSec: number | null;
  readonly highlightId: HighlightId | null;
  /** Where the shopper came from; `direct` when the link does not say. */
  readonly source: string;
};

const SOURCE_SHAPE = /^[a-z0-9_-]{1,40}$/;
const MAX_POSITION_SEC = 24 * 60 * 60;

export function readDeepLink(search: string): DeepLink | null {
  const query = new URLSearchParams(search);
  const showId = query.get('insp');
  if (!isId('shw', showId)) return null;
  const highlightId = query.get('hl');
  const source = (query.get('src') ?? '').toLowerCase();
  const position = query.get('t');
  const positionSec = position !== null && /^\d{1,6}$/.test(position) ? Math.min(Number(position), MAX_POSITION_SEC) : null;
  return {
    showId,
    positionSec,
    highlightId: isId('hlt', highlightId) ? highlightId : null,
    source: SOURCE_SHAPE.test(source) ? source : 'direct',
  };
}

/** The address to share: the page, with the show, and from where when that helps. */
export function writeDeepLink(pageUrl: string, link: { showId: ShowId; highlightId?: HighlightId | null; source: string }): string {
  const url = new URL(pageUrl);
  for (const name of ['insp', 't', 'hl', 'src']) url.searchParams.delete(name);
  url.searchParams.set('insp', link.showId);
  if (link.highlightId) url.searchParams.set('hl', link.highlightId);
  url.searchParams.set('src', link.source);
  url.hash = '';
  return url.href;
}
