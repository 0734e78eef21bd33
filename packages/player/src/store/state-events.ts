// What the shop and the server hear because the state changed, whoever changed it: one table, so that a surface
// change by key, by button or by `insp` is told the same way.
import type { EventReporter } from '../session/event-reporter.ts';
import type { Emit } from './embed-events.ts';
import type { PlayerState } from './player-state.ts';
import { cardOf } from './shelf-slice.ts';

export function tellStateChange(state: PlayerState, before: PlayerState, emit: Emit, report: EventReporter['report']): void {
  tellSurface(state, before, emit, report);
  tellVideo(state, before, emit, report);
  const isFirstKnown = state.session === 'ready' && before.session !== 'ready';
  if (isFirstKnown || (state.session === 'ready' && state.room.showState !== before.room.showState)) {
    emit('show.state', { from: isFirstKnown ? null : before.room.showState, to: state.room.showState });
  }
  tellHighlight(state, before, emit);
  if (state.reactions.bursts !== before.reactions.bursts) {
    const own = state.reactions.bursts.at(-1);
    if (own?.isOwn) emit('reaction', { kind: own.kind, count: own.count });
  }
}

function tellSurface(state: PlayerState, before: PlayerState, emit: Emit, report: EventReporter['report']): void {
  if (state.surface === before.surface) return;
  const kind = state.settings.mode;
  if (state.surface === 'closed') {
    emit('player.closed', { kind });
    report({ name: 'player.closed' });
  } else if (state.surface === 'mini') {
    emit('player.minimised', { kind, corner: state.corner });
    report({ name: 'player.minimised' });
  } else if (before.surface === 'mini') {
    emit('player.restored', { kind });
    report({ name: 'player.restored' });
  } else {
    emit('player.opened', { kind });
    report({ name: 'player.opened' });
  }
}

function tellVideo(state: PlayerState, before: PlayerState, emit: Emit, report: EventReporter['report']): void {
  const { video } = state;
  const was = before.video;
  const positionSec = video.positionSec;
  if (video.status === 'loading' && was.status === 'none') emit('player.load', {});
  if (video.hasPicture && !was.hasPicture) emit('player.play', { positionSec });
  if (video.isPausedByShopper !== was.isPausedByShopper) emit(video.isPausedByShopper ? 'player.pause' : 'player.resume', { positionSec });
  if (video.status === 'none' && was.status !== 'none') emit('player.stop', { positionSec: was.positionSec });
  if (video.isMuted !== was.isMuted) emit(video.isMuted ? 'player.muted' : 'player.unmuted', { positionSec });
  if ((video.pip === 'on' || video.pip === 'window') && was.pip === 'off') {
    emit('player.pip', { kind: video.pip === 'window' ? 'document' : 'video' });
    report({ name: 'player.pip' });
  }
}

function tellHighlight(state: PlayerState, before: PlayerState, emit: Emit): void {
  if (state.shelf === before.shelf && state.nowMs === before.nowMs && state.video === before.video && state.room === before.room) return;
  const shown = cardOf(state)?.highlight ?? null;
  const was = cardOf(before)?.highlight ?? null;
  if (shown?.id === was?.id) return;
  const payload = (highlight: NonNullable<typeof shown>) => ({
    highlightId: highlight.id,
    kind: highlight.kind,
    refId: highlight.productId,
    mediaSec: state.video.positionSec,
  });
  if (was) emit('highlight.hidden', payload(was));
  if (shown) emit('highlight.shown', payload(shown));
}
