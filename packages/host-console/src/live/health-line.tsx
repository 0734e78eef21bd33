// Silence means the picture is fine. Otherwise one sentence that says what to do; behind it the measured parts.

import type { IngestSource, StreamHealth } from '@insp/protocol';
import { Button, Popover, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { switchSource } from '../api/shows.ts';
import { bitrateText } from '../ui/format.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './health-line.module.css';
import { type HealthPart, healthParts } from './health-parts.ts';
import { useLive } from './live-context.tsx';

export function HealthLine() {
  const { room } = useLive();
  const { health } = room;
  // The banner under the header says it already.
  if (!health || room.showState === 'encoder_lost') return <span className={classes.space} />;
  const sentence = health.advice;
  const tone = health.status === 'warning' || health.status === 'bad' ? 'act' : 'calm';
  return (
    <Popover position="bottom-start" width={380} shadow="lg" withArrow>
      <Popover.Target>
        <UnstyledButton className={classes.line} data-tone={sentence ? tone : 'calm'} title={sentence}>
          <span className="truncate" role={sentence ? 'status' : undefined}>
            {sentence ||
              (health.status === 'good' && health.bitrateBitsPerSec
                ? bitrateText(health.bitrateBitsPerSec)
                : health.status === 'no_encoder'
                  ? 'No encoder'
                  : 'Picture')}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <HealthPanel health={health} />
      </Popover.Dropdown>
    </Popover>
  );
}

export function HealthPanel({ health }: { health: StreamHealth }) {
  const { can } = useLive();
  return (
    <div className={classes.panel}>
      {health.advice ? <p className={classes.advice}>{health.advice}</p> : null}
      <dl className={classes.parts}>
        {healthParts(health).map((part: HealthPart) => (
          <div key={part.name} className={classes.part}>
            <dt>{part.name}</dt>
            <dd data-tone={part.isFine ? 'calm' : 'act'}>{part.sentence}</dd>
          </div>
        ))}
      </dl>
      {health.source !== null && health.standby === 'ready' && can('show.run') ? (
        <SwitchEncoder to={health.source === 'primary' ? 'backup' : 'primary'} />
      ) : null}
    </div>
  );
}

/** It never switches back by itself: a host who sees a working picture is not to lose it again. */
function SwitchEncoder({ to }: { to: IngestSource }) {
  const { show } = useLive();
  const switching = useMutation({ mutationFn: () => switchSource(show.id, to) });
  return (
    <>
      <Button variant="default" size="xs" mt="sm" loading={switching.isPending} onClick={() => switching.mutate()}>
        {to === 'backup' ? 'Put the backup encoder on air' : 'Put the first encoder on air again'}
      </Button>
      <FormProblem error={switching.error} />
    </>
  );
}
