// Where the shopper writes. Before the first message it says that name and text are public; in slow mode it counts
// down; what was typed is never lost to a redraw.
import { LIMITS, OPEN_ROOM_STATES } from '@insp/protocol';
import { refusalKey } from '../store/refusal-words.ts';
import { h, setAttribute, setHidden, setText } from './dom.ts';
import { iconButton, type View, type ViewContext } from './view.ts';

/** From here on the characters left are counted for the writer. */
const COUNT_FROM = 20;
const lengthOf = (text: string) => [...text.normalize('NFC')].length;

export function createComposerView(ctx: ViewContext): View {
  const { t, ask } = ctx;
  let mayWrite = false;
  let mustWait = false;
  const input = h('input', {
    class: 'field',
    part: 'input',
    type: 'text',
    enterkeyhint: 'send',
    autocomplete: 'off',
    'aria-label': t('writeMessage'),
    placeholder: t('writeMessage'),
  });
  const send = iconButton(ctx, 'send', 'send', 'send', () => {});
  send.type = 'submit';
  const name = h('button', {
    type: 'button',
    class: 'name-button',
    title: t('changeName'),
    onclick: () => ask('edit_name', { isEditing: true }),
  });
  const hint = h('p', { class: 'composer-hint' });
  hint.setAttribute('aria-live', 'off');
  const write = h('form', { class: 'write', onsubmit: submit }, name, input, send);
  const consent = createNoticeForm(ctx);
  const rename = createNameForm(ctx);
  const node = h('div', { class: 'composer', part: 'composer' }, consent.node, rename.node, hint, write);

  function submit(event: Event) {
    event.preventDefault();
    const text = input.value.trim();
    if (!mayWrite || mustWait || text === '' || lengthOf(text) > LIMITS.chatTextLength) return;
    ask('send_chat', { text });
    input.value = '';
    drawLength();
  }

  const drawLength = () => {
    const left = LIMITS.chatTextLength - lengthOf(input.value.trim());
    hint.dataset.left = left <= COUNT_FROM ? String(left) : '';
    send.disabled = !mayWrite || mustWait || left < 0 || input.value.trim() === '';
    return left;
  };
  input.addEventListener('input', () => drawHint());
  let slowWords = '';
  const drawHint = () => {
    const left = drawLength();
    const words =
      slowWords !== '' ? slowWords : left < 0 ? t('refusedTooLong') : left <= COUNT_FROM ? t('charactersLeft', { count: left }) : '';
    setText(hint, words);
    setHidden(hint, words === '');
    setAttribute(input, 'aria-invalid', left < 0 ? 'true' : null);
  };

  return {
    node,
    update(state, before) {
      const { chat, room, nowMs } = state;
      mayWrite = room.connection !== 'idle' && room.connection !== 'ended' && OPEN_ROOM_STATES.includes(room.showState);
      const waitSec = Math.ceil((chat.mayWriteAtMs - nowMs) / 1_000);
      mustWait = waitSec > 0;
      slowWords = mustWait ? t('slowMode', { seconds: waitSec }) : '';
      setHidden(node, room.showState === 'ended' || room.showState === 'cancelled');
      const isAsking = chat.heldText !== null && !chat.hasSeenNotice;
      setHidden(consent.node, !isAsking);
      setHidden(rename.node, !chat.isEditingName || isAsking);
      setHidden(write, isAsking || chat.isEditingName);
      if (input.disabled === mayWrite) input.disabled = !mayWrite;
      setHidden(send, !mayWrite);
      setAttribute(input, 'placeholder', mayWrite ? t('writeMessage') : t('chatClosed'));
      setText(name, room.displayName.slice(0, 1).toUpperCase() || '?');
      setAttribute(name, 'aria-label', `${t('changeName')}: ${room.displayName}`);
      setHidden(name, !mayWrite || !chat.hasSeenNotice);
      drawHint();
      const wasAsking = before !== null && before.chat.heldText !== null && !before.chat.hasSeenNotice;
      if (isAsking && !wasAsking) consent.open(room.displayName);
      if (wasAsking && !isAsking) {
        if (!chat.hasSeenNotice && before !== null) input.value = before.chat.heldText ?? '';
        input.focus();
      }
      if (chat.isEditingName && before?.chat.isEditingName !== true) rename.open(room.displayName);
      if (!chat.isEditingName && before?.chat.isEditingName === true) input.focus();
      const error = chat.nameError ? t(refusalKey(chat.nameError.code)) : '';
      rename.drawError(error);
    },
  };
}

/** "Your name and your messages are public", with the name to be shown; asked once, before the first message. */
function createNoticeForm({ t, ask }: ViewContext) {
  const name = h('input', { class: 'field', type: 'text', maxlength: String(LIMITS.displayNameLength), autocomplete: 'nickname' });
  const accept = (event: Event) => {
    event.preventDefault();
    ask('accept_notice', { name: name.value });
  };
  const node = h(
    'form',
    { class: 'ask', part: 'public-notice', hidden: true, onsubmit: accept },
    h('p', { class: 'ask-words' }, t('publicNotice')),
    h('label', { class: 'ask-label' }, t('yourName'), name),
    h(
      'div',
      { class: 'ask-row' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => ask('decline_notice') }, t('cancel')),
      h('button', { type: 'submit', class: 'button primary' }, t('joinChat')),
    ),
  );
  return {
    node,
    open(displayName: string) {
      name.value = displayName;
      name.focus();
      name.select();
    },
  };
}

function createNameForm({ t, ask }: ViewContext) {
  const name = h('input', {
    class: 'field',
    type: 'text',
    maxlength: String(LIMITS.displayNameLength),
    autocomplete: 'nickname',
    'aria-describedby': 'insp-name-error',
  });
  const error = h('p', { class: 'composer-hint', id: 'insp-name-error' });
  const save = (event: Event) => {
    event.preventDefault();
    ask('save_name', { name: name.value });
  };
  const node = h(
    'form',
    { class: 'ask', hidden: true, onsubmit: save },
    h('label', { class: 'ask-label' }, t('yourName'), name),
    error,
    h(
      'div',
      { class: 'ask-row' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => ask('edit_name', { isEditing: false }) }, t('cancel')),
      h('button', { type: 'submit', class: 'button primary' }, t('save')),
    ),
  );
  return {
    node,
    open(displayName: string) {
      name.value = displayName;
      name.focus();
      name.select();
    },
    drawError(words: string) {
      setText(error, words);
      setHidden(error, words === '');
      setAttribute(name, 'aria-invalid', words === '' ? null : 'true');
    },
  };
}
