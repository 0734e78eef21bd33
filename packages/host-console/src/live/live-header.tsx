// One line over everything: what show, is it on air and since when, how many watch, and one sentence if the picture needs care.

import { ON_AIR_STATES } from '@insp/protocol';
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { Link } from 'wouter';
import { RestreamLine } from '../restream/restream-line.tsx';
import type { ShowCommands } from '../shows/use-show-command.ts';
import { Figure } from '../ui/figure.tsx';
import { clockText, countText } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { ShowStateChip } from '../ui/show-state-chip.tsx';
import { useNow } from '../ui/use-now.ts';
import { HealthLine } from './health-line.tsx';
import { useLive } from './live-context.tsx';
import classes from './live-header.module.css';
import { LIVE_MODES, type LiveMode } from './live-mode.ts';
import { PressureBadge } from './pressure-badge.tsx';

type Props = { mode: LiveMode; onMode: (mode: LiveMode) => void; onHelp: () => void; onEnd: () => void; commands: ShowCommands };

export function LiveHeader({ mode, onMode, onHelp, onEnd, commands }: Props) {
  const { show, room, can } = useLive();
  const nowMs = useNow() + room.clockOffsetMs;
  const isOnAir = ON_AIR_STATES.includes(room.showState);
  const hasSimulated = show.isSimulated || room.audience?.hasSimulated || room.kpis?.totals.hasSimulated;
  return (
    <header className={classes.header}>
      <Link href="/" className={classes.brand} aria-label="Insp, all shows">
        Insp
      </Link>
      <h1 className={`${classes.title} truncate`} title={show.title}>
        {show.title}
      </h1>
      <div className={classes.onAir}>
        <ShowStateChip state={room.showState} />
        {isOnAir && show.liveAt !== null ? (
          <span className={classes.clock} role="timer" aria-label="On air for">
            {clockText(nowMs - show.liveAt)}
          </span>
        ) : null}
      </div>
      <Figure value={countText(room.watchingCount)} unit="watching" isSimulated={Boolean(hasSimulated)} />
      <PressureBadge />
      <RestreamLine />
      <HealthLine />
      <div className={classes.right}>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => onMode(value as LiveMode)}
          data={LIVE_MODES.map(({ mode: value, label }) => ({ value, label }))}
          aria-label="Layout"
          classNames={{ root: classes.modes }}
        />
        <Button variant="subtle" color="gray" className={classes.phoneOnly} onClick={() => onMode('glance')}>
          Glance
        </Button>
        <Tooltip label="Keys (?)">
          <ActionIcon variant="subtle" color="gray" size="lg" onClick={onHelp} aria-label="Show the keys" className={classes.deskOnly}>
            <Icon name="help" sizePx={18} />
          </ActionIcon>
        </Tooltip>
        {room.showState === 'live' && can('show.run') ? (
          <Button variant="subtle" color="gray" loading={commands.running === 'pause'} onClick={() => void commands.run('pause')}>
            Pause
          </Button>
        ) : null}
        {isOnAir && can('show.run') ? (
          <Button variant="default" onClick={onEnd}>
            End show
          </Button>
        ) : null}
      </div>
    </header>
  );
}
