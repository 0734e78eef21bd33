import { LIMITS } from '@insp/protocol';
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import classes from './chat-composer.module.css';
import { useLive } from './live-context.tsx';

export const CHAT_INPUT_ID = 'chat-input';

/** Speaks to the room as staff. The line shows at once; if it is refused it stays, with the reason. */
export function ChatComposer() {
  const { chat, isOnline } = useLive();
  const [text, setText] = useState('');
  const length = [...text.trim()].length;
  const isTooLong = length > LIMITS.chatTextLength;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (length === 0 || isTooLong) return;
    void chat.sendChatMessage(text.trim());
    setText('');
  };
  return (
    <form className={classes.form} onSubmit={send}>
      <TextInput
        id={CHAT_INPUT_ID}
        className={classes.input}
        aria-label="Write to the room"
        placeholder="Write to the room as host"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoComplete="off"
        rightSectionWidth={44}
        rightSection={
          length > LIMITS.chatTextLength - 30 ? (
            <span className={classes.left} data-over={isTooLong} aria-live="polite">
              {LIMITS.chatTextLength - length}
            </span>
          ) : null
        }
      />
      <Button type="submit" variant="default" disabled={length === 0 || isTooLong || !isOnline}>
        Send
      </Button>
    </form>
  );
}
