// The chat as staff see it. It stands still while it is pointed at, focused or scrolled up; what comes meanwhile waits
// behind "3 new". Acts sit in the line they act on.

import type { ModeratedMessage } from '@insp/protocol';
import { Button, SegmentedControl } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Panel } from '../ui/panel.tsx';
import { EmptyState } from '../ui/states.tsx';
import { ChatComposer } from './chat-composer.tsx';
import { CHAT_FILTERS, type ChatFilter, type ChatHold, drawnLines, holdLines, isQuestion } from './chat-hold.ts';
import { ChatLine, RemovedLine } from './chat-line.tsx';
import classes from './chat-panel.module.css';
import { useLive } from './live-context.tsx';
import { SlowMode } from './slow-mode.tsx';

const STICK_PX = 40;

export function ChatPanel() {
  const { room, can, acts } = useLive();
  const [filter, setFilter] = useState<ChatFilter>('all');
  const [hold, setHold] = useState<ChatHold>(null);
  const current = filter === 'questions' ? room.messages.filter(isQuestion) : room.messages;
  const { lines, newCount } = drawnLines(hold, current);
  const banned = new Set<string>(room.bans.map(({ viewerId }) => viewerId));
  const list = useRef<HTMLOListElement>(null);
  const isPointed = useRef(false);
  const lastSeq = lines.at(-1)?.message.seq ?? 0;

  // Follows the newest line, unless the reader holds the list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last line or another filter is the reason to scroll
  useLayoutEffect(() => {
    const element = list.current;
    if (element && !hold) element.scrollTop = element.scrollHeight;
  }, [lastSeq, filter, hold, room.pendingMessages.length]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is another list
  useEffect(() => setHold(null), [filter]);

  const isAtEnd = () => {
    const element = list.current;
    return !element || element.scrollHeight - element.scrollTop - element.clientHeight < STICK_PX;
  };
  const keep = () => setHold((before) => holdLines(before, current));
  const release = () => {
    if (!isPointed.current && isAtEnd() && !list.current?.contains(document.activeElement)) setHold(null);
  };

  return (
    <Panel
      title="Chat"
      area="chat"
      isFlush
      aside={
        <>
          <SlowMode />
          <SegmentedControl
            size="xs"
            value={filter}
            onChange={(value) => setFilter(value as ChatFilter)}
            data={CHAT_FILTERS.map((value) => ({
              value,
              label: value === 'removed' && room.removedMessages.length > 0 ? `removed ${room.removedMessages.length}` : value,
            }))}
            aria-label="Which messages"
            classNames={{ root: classes.filter }}
          />
        </>
      }
    >
      {room.pinnedMessage ? (
        <div className={classes.pinned}>
          <span className={classes.pinnedMark}>Pinned</span>
          <span className="truncate">
            <strong>{room.pinnedMessage.author.name}</strong> {room.pinnedMessage.text}
          </span>
          {can('chat.moderate') ? (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => room.pinnedMessage && void acts.act({ kind: 'unpin_message', messageId: room.pinnedMessage.id })}
            >
              Unpin
            </Button>
          ) : null}
        </div>
      ) : null}
      <div className={classes.wrap}>
        {filter === 'removed' ? (
          <RemovedList messages={room.removedMessages} />
        ) : lines.length === 0 && room.pendingMessages.length === 0 ? (
          <div className={classes.empty}>
            <EmptyState title={filter === 'questions' ? 'No question yet' : 'No message yet'}>
              {filter === 'questions'
                ? 'Lines that ask something are listed here.'
                : 'Say hello: the first line of the host breaks the ice.'}
            </EmptyState>
          </div>
        ) : (
          <ol
            ref={list}
            className={classes.list}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard
            tabIndex={0}
            aria-label="Messages"
            onPointerEnter={() => {
              isPointed.current = true;
              keep();
            }}
            onPointerLeave={() => {
              isPointed.current = false;
              release();
            }}
            onFocus={keep}
            onBlur={() => setTimeout(release)}
            onScroll={() => (isAtEnd() ? release() : keep())}
          >
            {room.gapCount > 0 ? <li className={classes.gap}>Some messages were missed while offline. They are in the archive.</li> : null}
            {lines.map(({ message, isGone }) => (
              <ChatLine
                key={message.id}
                message={message}
                isGone={isGone}
                isPinned={room.pinnedMessage?.id === message.id}
                isBanned={banned.has(message.author.id)}
                canModerate={can('chat.moderate')}
                acts={acts}
              />
            ))}
            {room.pendingMessages.map((pending) => (
              <PendingLine key={pending.key} pending={pending} />
            ))}
          </ol>
        )}
        {newCount > 0 && filter !== 'removed' ? (
          <Button
            size="compact-sm"
            variant="light"
            className={classes.new}
            onClick={() => {
              isPointed.current = false;
              setHold(null);
            }}
          >
            {newCount} new
          </Button>
        ) : null}
      </div>
      {can('chat.host') ? <ChatComposer /> : null}
    </Panel>
  );
}

function RemovedList({ messages }: { messages: readonly ModeratedMessage[] }) {
  const { acts, can } = useLive();
  if (messages.length === 0) {
    return (
      <div className={classes.empty}>
        <EmptyState title="Nothing was removed">Removed messages stay here and can be put back.</EmptyState>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard
    <ol className={classes.list} tabIndex={0} aria-label="Removed messages">
      {messages.map((message) => (
        <RemovedLine key={message.id} message={message} canModerate={can('chat.moderate')} acts={acts} />
      ))}
    </ol>
  );
}

function PendingLine({ pending }: { pending: ReturnType<typeof useLive>['room']['pendingMessages'][number] }) {
  const { chat } = useLive();
  return (
    <li className={classes.pending} data-state={pending.state}>
      <span>{pending.text}</span>
      {pending.state === 'refused' ? (
        <>
          <span className={classes.refusal} role="alert">
            Not sent: {pending.error?.title}. {pending.error?.fix}
          </span>
          <Button size="compact-xs" variant="default" onClick={() => void chat.retryChatMessage(pending.key)}>
            Send again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => chat.dismissChatMessage(pending.key)}>
            Drop
          </Button>
        </>
      ) : (
        <span className="muted">sending</span>
      )}
    </li>
  );
}
