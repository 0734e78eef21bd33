// Where else the show is, in the header of the live page: a quiet count, or the first trouble by name. Behind it the targets.
import { ON_AIR_STATES } from '@insp/protocol';
import { Popover, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useNow } from '../ui/use-now.ts';
import classes from './restream.module.css';
import { targetsSummary } from './restream-words.ts';
import { TargetList } from './target-list.tsx';

export function RestreamLine() {
  const { show, room, can } = useLive();
  const [isDialogOpen, setIsDialogOpen] = useState(false);
  const nowMs = useNow() + room.clockOffsetMs;
  if (room.targets === null || (room.targets.length === 0 && !can('restream.manage'))) return null;
  const { text, tone } = targetsSummary(room.targets, nowMs);
  return (
    <Popover
      position="bottom-start"
      width="min(440px, calc(100vw - 24px))"
      shadow="lg"
      withArrow
      // Under the dialogs it opens, and open for as long as they are.
      zIndex={150}
      closeOnClickOutside={!isDialogOpen}
      closeOnEscape={!isDialogOpen}
    >
      <Popover.Target>
        <UnstyledButton className={classes.line} data-tone={tone} title={text}>
          <span className="truncate" role={tone === 'act' ? 'status' : undefined}>
            {text}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.panel}>
          <TargetList
            showId={show.id}
            targets={room.targets}
            health={room.health}
            isOnAir={ON_AIR_STATES.includes(room.showState)}
            canManage={can('restream.manage')}
            canRun={can('show.run')}
            nowMs={nowMs}
            onDialog={setIsDialogOpen}
            onChanged={() => {}}
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
