// One line of the chat, with the acts of a moderator at its end. Two hundred of them stand on the page, so a line is drawn
// again only when something of its own changed, and its acts are plain buttons.
import type { ChatMessage, ModeratedMessage } from '@insp/protocol';
import { memo } from 'react';
import { SimMark } from '../ui/figure.tsx';
import { timeText } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import classes from './chat-line.module.css';
import type { Acts } from './use-acts.ts';

type Props = { message: ChatMessage; isGone: boolean; isPinned: boolean; isBanned: boolean; canModerate: boolean; acts: Acts };

/** A removed line keeps its place while the list is held. */
export const ChatLine = memo(function ChatLine({ message, isGone, isPinned, isBanned, canModerate, acts }: Props) {
  const { author, id } = message;
  return (
    <li className={classes.line} data-gone={isGone} data-staff={author.kind === 'staff'}>
      <LineWords message={message} isBanned={isBanned} />
      {canModerate ? (
        <span className={classes.acts}>
          {isGone ? (
            <button type="button" className={classes.back} onClick={() => void acts.act({ kind: 'restore_message', messageId: id })}>
              Put back
            </button>
          ) : (
            <>
              <LineAct
                icon="pin"
                tip={isPinned ? 'Unpin' : 'Pin'}
                label={`${isPinned ? 'Unpin' : 'Pin'} the message of ${author.name}`}
                onClick={() => void acts.act({ kind: isPinned ? 'unpin_message' : 'pin_message', messageId: id })}
              />
              <LineAct
                icon="trash"
                tip="Remove"
                label={`Remove the message of ${author.name}`}
                onClick={() => void acts.act({ kind: 'remove_message', messageId: id })}
              />
              {author.kind === 'viewer' ? (
                <LineAct
                  icon="ban"
                  tip={isBanned ? 'Lift the ban' : 'Ban from this show'}
                  label={isBanned ? `Lift the ban of ${author.name}` : `Ban ${author.name} from this show`}
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
});

type RemovedProps = { message: ModeratedMessage; canModerate: boolean; acts: Acts };

export const RemovedLine = memo(function RemovedLine({ message, canModerate, acts }: RemovedProps) {
  return (
    <li className={classes.line}>
      <LineWords message={message} isBanned={false} />
      <span className={classes.by}>
        {[message.removedBy ? `by ${message.removedBy}` : '', message.reason ?? ''].filter(Boolean).join(': ')}
      </span>
      {canModerate ? (
        <button
          type="button"
          className={classes.back}
          onClick={() => void acts.act({ kind: 'restore_message', messageId: message.id })}
          aria-label={`Put back the message of ${message.author.name}`}
        >
          Put back
        </button>
      ) : null}
    </li>
  );
});

function LineWords({ message, isBanned }: { message: ChatMessage; isBanned: boolean }) {
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
}

function LineAct({ icon, tip, label, onClick }: { icon: IconName; tip: string; label: string; onClick: () => void }) {
  return (
    <button type="button" className={classes.act} onClick={onClick} aria-label={label} title={tip}>
      <Icon name={icon} />
    </button>
  );
}
