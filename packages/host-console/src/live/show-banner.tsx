// What stands between the host and a normal show, under the header: waiting, paused, encoder lost, no connection.
// Each says what viewers see and what to do now.

import type { ConnectionState } from '@insp/client';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ShowCommands } from '../shows/use-show-command.ts';
import { timerText } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';
import { useLive } from './live-context.tsx';
import classes from './show-banner.module.css';

export function ShowBanner({ commands, connection }: { commands: ShowCommands; connection: ConnectionState }) {
  const { room, can } = useLive();
  const nowMs = useNow(500) + room.clockOffsetMs;
  const mayRun = can('show.run');
  const run = (label: string, command: 'go_live' | 'resume' | 'open') =>
    mayRun ? (
      <Button loading={commands.running === command} onClick={() => void commands.run(command)}>
        {label}
      </Button>
    ) : null;

  if (connection.kind === 'offline' || connection.kind === 'connecting') {
    return (
      <Banner tone="act" title="No connection to Insp.">
        The show goes on. This page shows the last it knows and catches up by itself.
      </Banner>
    );
  }
  if (connection.kind === 'ended') {
    return (
      <Banner
        tone="act"
        title={connection.error?.title ?? 'This page left the room.'}
        action={
          <Button variant="default" onClick={() => window.location.reload()}>
            Come in again
          </Button>
        }
      >
        {connection.error?.fix ?? 'The show goes on.'}
      </Banner>
    );
  }
  if (room.showState === 'encoder_lost') {
    const leftMs = room.graceEndsAt === null ? null : room.graceEndsAt - nowMs;
    return (
      <Banner
        tone="act"
        title="The encoder went away."
        figure={leftMs === null ? undefined : timerText(leftMs)}
        figureLabel="until the show ends"
      >
        Start streaming again in OBS: the same show goes on. Viewers see “Back in a moment”; chat and buying go on.
      </Banner>
    );
  }
  if (room.showState === 'paused') {
    return (
      <Banner tone="calm" title="The show is paused." action={run('Resume', 'resume')}>
        Viewers see a pause screen; chat and buying go on.
      </Banner>
    );
  }
  if (room.showState === 'scheduled') {
    return (
      <Banner tone="calm" title="The room opens 15 minutes before the start." action={run('Open it now', 'open')}>
        Then shoppers can come in and chat; the picture stays yours until you go live.
      </Banner>
    );
  }
  if (room.showState === 'waiting') {
    const hasPicture = room.health?.status === 'good' || room.health?.status === 'warning';
    return (
      <Banner
        tone="calm"
        title={hasPicture ? 'Ready. Only you see the picture.' : 'Waiting for a picture.'}
        action={hasPicture ? run('Go live', 'go_live') : undefined}
      >
        {hasPicture
          ? 'Go live when you are: viewers join within seconds.'
          : 'Press Start Streaming in OBS. The picture appears here first; viewers see it when you go live.'}
      </Banner>
    );
  }
  return null;
}

type BannerProps = { tone: 'act' | 'calm'; title: string; children: ReactNode; action?: ReactNode; figure?: string; figureLabel?: string };

export function Banner({ tone, title, children, action, figure, figureLabel }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone}>
      <p role="status" className={classes.text}>
        <strong>{title}</strong> <span>{children}</span>
      </p>
      {figure ? (
        <p className={classes.figure} role="timer">
          <span className={classes.digits}>{figure}</span>
          <span>{figureLabel}</span>
        </p>
      ) : null}
      {action}
    </div>
  );
}
