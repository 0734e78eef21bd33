// Keys inside the player: Escape steps back one layer at a time, M is sound. Nothing is taken from the page.
import type { PlayerState } from '../store/player-state.ts';
import type { Ask } from '../store/requests.ts';

export function listenToKeys(stage: HTMLElement, state: () => PlayerState, ask: Ask): void {
  stage.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key === 'Escape') {
      event.stopPropagation();
      stepBack(state(), ask);
    } else if ((event.key === 'm' || event.key === 'M') && !isTyping) {
      ask('toggle_sound');
    }
  });
}

/** One layer: the name, the notice, options, a sheet, the chat, then the player itself. */
function stepBack({ shelf, chat, surface, settings, video }: PlayerState, ask: Ask): void {
  if (chat.isEditingName) ask('edit_name', { isEditing: false });
  else if (chat.heldText !== null && !chat.hasSeenNotice) ask('decline_notice');
  else if (shelf.openProductId !== null) ask('close_options');
  else if (shelf.sheet !== 'none') ask('open_sheet', { sheet: 'none' });
  else if (chat.isExpanded) ask('expand_chat', { isExpanded: false });
  else if (surface === 'open' && settings.mode !== 'inline' && video.pip !== 'window') ask(video.status === 'none' ? 'close' : 'minimise');
}
