// The bubble over a replay's line: the small picture of a position, its time, its chapter. Words come at once, the picture
// when its sheet is loaded; a sheet that may not load (the shop's own policy) leaves the words alone.
import { type StoryboardTile, tileAt } from '../video/storyboard.ts';
import { h, setHidden, setText } from './dom.ts';

export type ReplayPreview = {
  readonly node: HTMLElement;
  /** `ratio`: where on the line, from its beginning. */
  show(at: { ratio: number; positionMs: number; time: string; title: string }, tiles: readonly StoryboardTile[]): void;
  hide(): void;
};

export function createReplayPreview(): ReplayPreview {
  const sheet = h('img', { class: 'replay-sheet', alt: '', decoding: 'async', draggable: 'false' });
  const picture = h('div', { class: 'replay-tile', hidden: true }, sheet);
  const time = h('span', { class: 'replay-preview-time' });
  const title = h('span', { class: 'replay-preview-title' });
  // The range says the same in its own words.
  const node = h('div', { class: 'replay-preview', 'aria-hidden': 'true', hidden: true }, picture, h('p', {}, time, title));
  let sheetUrl = '';
  let isLoaded = false;

  sheet.addEventListener('load', () => {
    isLoaded = true;
    setHidden(picture, false);
  });
  sheet.addEventListener('error', () => setHidden(picture, true));

  const showTile = (tile: StoryboardTile | null) => {
    if (tile === null) return setHidden(picture, true);
    if (tile.sheetUrl !== sheetUrl) {
      sheetUrl = tile.sheetUrl;
      isLoaded = false;
      sheet.src = sheetUrl;
    }
    setHidden(picture, !isLoaded);
    picture.style.inlineSize = `${tile.widthPx}px`;
    picture.style.blockSize = `${tile.heightPx}px`;
    sheet.style.translate = `${-tile.leftPx}px ${-tile.topPx}px`;
  };

  return {
    node,
    show(at, tiles) {
      setText(time, at.time);
      setText(title, at.title);
      setHidden(title, at.title === '');
      showTile(tileAt(tiles, at.positionMs));
      node.style.setProperty('--at', String(at.ratio));
      setHidden(node, false);
    },
    hide: () => setHidden(node, true),
  };
}
