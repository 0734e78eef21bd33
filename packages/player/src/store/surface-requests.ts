// Opening, closing, small window, sound, sheets, share: what the shopper does with the player itself.
import type { ShowId } from '@insp/protocol';
import type { MessageKey } from '../i18n/messages.ts';
import { writeDeepLink } from '../loader/deep-link.ts';
import type { EventReporter } from '../session/event-reporter.ts';
import type { Action } from './action.ts';
import type { Emit } from './embed-events.ts';
import type { MediaMediator } from './media-mediator.ts';
import { isReplay } from './picture-address.ts';
import type { PlayerState } from './player-state.ts';
import type { ReactionBuffer } from './reaction-buffer.ts';
import type { RequestMap } from './requests.ts';
import { cardOf } from './shelf-slice.ts';

type SurfaceRequests = Omit<
  RequestMap,
  | 'expand_chat'
  | 'send_chat'
  | 'retry_chat'
  | 'discard_chat'
  | 'accept_notice'
  | 'decline_notice'
  | 'edit_name'
  | 'save_name'
  | 'add_to_bag'
  | 'change_quantity'
  | 'checkout'
  | 'follow_link'
  | 'see_product'
>;

export type ShareTarget = {
  share?(data: { title: string; url: string }): Promise<void>;
  clipboard?: { writeText(text: string): Promise<void> };
};

export function createSurfaceRequests(deps: {
  state(): PlayerState;
  dispatch(action: Action): void;
  media: MediaMediator;
  togglePip(): Promise<void>;
  /** Brings the player back from its own window, if it is there. */
  leavePip(): void;
  reactions: ReactionBuffer;
  emit: Emit;
  report: EventReporter['report'];
  notice(text: MessageKey): void;
  pageUrl(): string;
  share: ShareTarget;
}): SurfaceRequests {
  const { state, dispatch, media } = deps;
  const openSurface = () => dispatch({ type: 'surface_changed', surface: 'open' });

  return {
    open() {
      openSurface();
      if (!state().video.isPausedByShopper) media.play();
    },
    close() {
      deps.leavePip();
      // An inline player has no closed state: closing its small window puts it back, paused.
      if (state().settings.mode === 'inline') {
        media.pause();
        return openSurface();
      }
      dispatch({ type: 'surface_changed', surface: 'closed' });
    },
    minimise() {
      dispatch({ type: 'sheet_opened', sheet: 'none' });
      dispatch({ type: 'chat_expanded', isExpanded: false });
      dispatch({ type: 'surface_changed', surface: 'mini' });
    },
    restore() {
      deps.leavePip();
      openSurface();
    },
    move_corner: ({ corner }) => dispatch({ type: 'corner_changed', corner }),
    toggle_play: () => (state().video.isPausedByShopper || state().video.status === 'paused' ? media.play() : media.pause()),
    toggle_sound: () => media.setMuted(!state().video.isMuted),
    toggle_captions: () => media.setCaptions(!state().video.areCaptionsOn),
    toggle_pip() {
      // Refused without a tap, or by the browser: the small window of the page is still there.
      deps.togglePip().catch(() => this.minimise(null));
    },
    go_live() {
      if (state().room.isStartedOver) dispatch({ type: 'started_over', isStartedOver: false });
      else media.seekLive();
    },
    start_over: () => dispatch({ type: 'started_over', isStartedOver: true }),
    watch_replay() {
      if (isReplay(state().room)) media.seek(0);
      else dispatch({ type: 'replay_opened' });
    },
    seek_to: ({ positionSec }) => media.seek(positionSec),
    set_speed: ({ rate }) => media.setSpeed(rate),
    retry_video: () => media.retry(),
    share() {
      void shareShow(deps);
    },
    react({ kind }) {
      dispatch({ type: 'reacted', kind });
      deps.reactions.add(kind);
    },
    open_sheet: ({ sheet }) => dispatch({ type: 'sheet_opened', sheet }),
    open_options: ({ productId, openIn }) => dispatch({ type: 'options_opened', productId, openIn }),
    close_options: () => dispatch({ type: 'options_closed' }),
    choose_option: ({ productId, name, value }) => dispatch({ type: 'option_chosen', productId, name, value }),
    dismiss_notice: ({ id }) => dispatch({ type: 'notice_dismissed', id }),
  };
}

async function shareShow(deps: Parameters<typeof createSurfaceRequests>[0]): Promise<void> {
  const { settings, show } = deps.state();
  const highlightId = cardOf(deps.state())?.highlight?.id ?? null;
  const url = writeDeepLink(deps.pageUrl(), { showId: settings.show as ShowId, highlightId, source: 'share' });
  const channel = deps.share.share ? 'system' : 'copy';
  deps.emit('share', { channel });
  deps.report({ name: 'share.clicked', channel });
  try {
    if (deps.share.share) await deps.share.share({ title: show?.title ?? '', url });
    else {
      await deps.share.clipboard?.writeText(url);
      deps.notice('linkCopied');
    }
  } catch {
    // The shopper changed their mind, or the page may not: nothing was shared.
  }
}
