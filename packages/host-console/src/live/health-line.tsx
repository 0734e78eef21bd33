// Silence means the picture is fine. Otherwise one sentence that says what to do; behind it the measured parts.

import { Popover, UnstyledButton } from '@mantine/core';
import { bitrateText } from '../ui/format.ts';
import classes from './health-line.module.css';
import { HealthPanel } from './health-panel.tsx';
import { useLive } from './live-context.tsx';

export function HealthLine() {
  const { room } = useLive();
  const { health } = room;
  // The banner under the header says it already.
  if (!health || room.showState === 'encoder_lost') return <span className={classes.space} />;
  const sentence = health.advice;
  const tone = health.status === 'warning' || health.status === 'bad' ? 'act' : 'calm';
  return (
    <Popover position="bottom-start" width="min(400px, calc(100vw - 24px))" shadow="lg" withArrow>
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
