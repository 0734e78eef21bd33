// The frame around everything: in the page (inline), over it (overlay) or in a corner (mini). It is one node for
// all three, so the media element inside is never moved, which would stop it. Overlay and mini live in the top
// layer where the browser has one: no shop's z-index or transform can get in their way.
import { isReplay } from '../store/picture-address.ts';
import type { PlayerState } from '../store/player-state.ts';
import { setAttribute, setHidden } from './dom.ts';

export function drawFrame(frame: HTMLElement, stage: HTMLElement, state: PlayerState): void {
  const { surface, settings, corner, video, chat, shelf, room } = state;
  const isInPlace = settings.mode === 'inline' && surface !== 'mini';
  const isShown = surface !== 'closed' && !(state.session === 'failed' && !isInPlace);
  frame.dataset.surface = surface;
  const isInWindow = video.pip === 'window';
  frame.dataset.place = isInWindow ? 'window' : isInPlace ? 'inline' : 'over';
  frame.dataset.corner = corner;
  frame.dataset.picture = pictureShape(state);
  frame.dataset.fit = settings.fit;
  setAttribute(frame, 'data-has-picture', video.hasPicture);
  setAttribute(frame, 'data-settled', state.isSettled);
  setAttribute(frame, 'data-off-air', room.showState === 'encoder_lost' || room.showState === 'paused');
  setAttribute(frame, 'data-replay', isReplay(room));
  setAttribute(frame, 'data-chat-open', chat.isExpanded);
  setAttribute(frame, 'data-sheet', shelf.sheet);
  setAttribute(stage, 'role', isInPlace ? 'region' : 'dialog');
  putInTopLayer(frame, isShown && !isInPlace && !isInWindow);
  setHidden(frame, !isShown);
}

function pictureShape({ video }: PlayerState): 'portrait' | 'landscape' {
  return video.widthPx > video.heightPx ? 'landscape' : 'portrait';
}

function putInTopLayer(frame: HTMLElement, isWanted: boolean): void {
  if (typeof frame.showPopover !== 'function') return;
  setAttribute(frame, 'popover', isWanted ? 'manual' : null);
  // A hidden or detached frame cannot be shown; the next drawing tries again.
  if (isWanted && frame.isConnected && !frame.matches(':popover-open')) {
    frame.hidden = false;
    frame.showPopover();
  }
}
