import type { ChatMessage, ModeratedMessage } from '@insp/protocol';
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { memo } from 'react';
import { SimMark } from '../ui/figure.tsx';
import { timeText } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import classes from './chat-line.module.css';
import { useLive } from './live-context.tsx';

/** One line, with the acts of a moderator at its end. A removed one keeps its place while the list is held. */
export function ChatLine({ message, isGone }: { message: ChatMessage; isGone: boolean }) {
  const { room, acts, can } = useLive();
  const isBanned = room.bans.some(({ viewerId }) => viewerId === message.author.id);
  const isPinned = room.pinnedMessage?.id === message.id;
  const { author } = message;
  return (
    <li className={classes.line} data-gone={isGone} data-staff={author.kind === 'staff'}>
      <LineWords message={message} isBanned={isBanned} />
      {can('chat.moderate') ? (
        <span className={classes.acts}>
          {isGone ? (
            <Button size="compact-xs" variant="default" onClick={() => void acts.act({ kind: 'restore_message', messageId: message.id })}>
              Put back
            </Button>
          ) : (
            <>
              <LineAct
                name="pin"
                label={isPinned ? `Unpin the message of ${author.name}` : `Pin the message of ${author.name}`}
                tip={isPinned ? 'Unpin' : 'Pin'}
                onClick={() => void acts.act({ kind: isPinned ? 'unpin_message' : 'pin_message', messageId: message.id })}
              />
              <LineAct
                name="trash"
                label={`Remove the message of ${author.name}`}
                tip="Remove"
                onClick={() => void acts.act({ kind: 'remove_message', messageId: message.id })}
              />
              {author.kind === 'viewer' ? (
                <LineAct
                  name="ban"
                  label={isBanned ? `Lift the ban of ${author.name}` : `Ban ${author.name} from this show`}
                  tip={isBanned ? 'Lift the ban' : 'Ban from this show'}
                  onClick={() =>
                    void acts.act(
                      isBanned
                        ? { kind: 'unban_viewer', viewerId: author.id }
                        : { kind: 'ban_viewer', viewerId: author.id, viewerName: author.name },
                    )
                  }
                />
              ) : null}
            </>
          )}
        </span>
      ) : null}
    </li>
  );
}

export function RemovedLine({ message }: { message: ModeratedMessage }) {
  const { acts, can } = useLive();
  return (
    <li className={classes.line}>
      <LineWords message={message} isBanned={false} />
      <span className={classes.by}>
        {message.removedBy ? `by ${message.removedBy}` : ''}
        {message.reason ? `: ${message.reason}` : ''}
      </span>
      {can('chat.moderate') ? (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => void acts.act({ kind: 'restore_message', messageId: message.id })}
          aria-label={`Put back the message of ${message.author.name}`}
        >
          Put back
        </Button>
      ) : null}
    </li>
  );
}

const LineWords = memo(function LineWords({ message, isBanned }: { message: ChatMessage; isBanned: boolean }) {
  const { author } = message;
  return (
    <span className={classes.words}>
      <time className={classes.time}>{timeText(message.postedAt)}</time>
      <span className={classes.author}>{author.name}</span>
      {author.kind === 'staff' ? <span className={classes.role}>host</span> : null}
      {author.isBuyer ? <span className={classes.buyer}>buyer</span> : null}
      {author.isSimulated ? <SimMark /> : null}
      {isBanned ? <span className={classes.banned}>banned</span> : null}
      <span className={classes.text}>{message.text}</span>
    </span>
  );
});

function LineAct({ name, label, tip, onClick }: { name: IconName; label: string; tip: string; onClick: () => void }) {
  return (
    <Tooltip label={tip}>
      <ActionIcon variant="subtle" color="gray" size={26} onClick={onClick} aria-label={label}>
        <Icon name={name} />
      </ActionIcon>
    </Tooltip>
  );
}
