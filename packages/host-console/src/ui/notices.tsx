// What an act did, said once, at the bottom: with undo for 10 s, or with the reason why it was taken back.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { refusalOf, sentencesOf } from '../api/api-error.ts';
import classes from './notices.module.css';

export const UNDO_MS = 10_000;

export function tellDone(text: string, undo?: () => void, id?: string): void {
  const noticeId = id ?? `done-${text}`;
  notifications.hide(noticeId);
  notifications.show({
    id: noticeId,
    autoClose: undo ? UNDO_MS : 4_000,
    closeButtonProps: { 'aria-label': 'Close' },
    classNames: { root: classes.notice },
    message: (
      <span className={classes.line}>
        <span>{text}</span>
        {undo ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(noticeId);
              undo();
            }}
          >
            Undo
          </Button>
        ) : null}
      </span>
    ),
  });
}

/** Takes a notice away before its time. */
export const hideNotice = (id: string): void => void notifications.hide(id);

/** Says why something was refused. `act` leads, e.g. "The message stays". */
export function tellRefused(act: string, error: unknown): void {
  const { what, todo } = sentencesOf(refusalOf(error));
  notifications.show({
    autoClose: 8_000,
    closeButtonProps: { 'aria-label': 'Close' },
    color: 'yellow',
    classNames: { root: classes.notice },
    title: act,
    message: `${what} ${todo}`.trim(),
  });
}
