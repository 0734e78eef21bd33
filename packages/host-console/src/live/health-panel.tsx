// What is measured of the picture, each second, with the minutes behind it; the sentence that matters on top (ui.md 2).
import type { IngestSource, StreamHealth } from '@insp/protocol';
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { switchSource } from '../api/shows.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './health-panel.module.css';
import { backupText, formatText, type HealthRow, healthRows, LEAST_SPANS, seriesOf } from './health-rows.ts';
import { useLive } from './live-context.tsx';
import { type SparkPoint, sparkPath } from './spark-path.ts';
import { useHealthHistory } from './use-health-history.ts';

const SPANS = { '5': 5 * 60_000, '60': 60 * 60_000 } as const;
const SPARK = { widthPx: 96, heightPx: 20 } as const;

export function HealthPanel({ health }: { health: StreamHealth }) {
  const { show, can } = useLive();
  const history = useHealthHistory(show.id, health);
  const [span, setSpan] = useState<keyof typeof SPANS>('5');
  const toMs = health.updatedAt;
  const rows = healthRows(health);
  const backup = backupText(health);
  return (
    <div className={classes.panel}>
      <div className={classes.top}>
        <p className={classes.advice} data-tone={health.advice ? 'act' : 'calm'}>
          {health.advice || topText(health)}
        </p>
      </div>
      {backup ? (
        <div>
          <p>{backup}</p>
          {health.source !== null && health.standby === 'ready' && can('show.run') ? (
            <SwitchEncoder to={health.source === 'primary' ? 'backup' : 'primary'} />
          ) : null}
        </div>
      ) : null}
      {rows.length === 0 ? null : (
        <>
          <ul className={classes.rows}>
            {rows.map((row) => (
              <Row
                key={row.name}
                row={row}
                points={seriesOf(history, row.name)}
                fromMs={toMs - SPANS[span]}
                toMs={toMs}
                isOnTop={row.sentence === health.advice}
              />
            ))}
          </ul>
          <div className={classes.foot}>
            <span className="muted truncate" title={formatText(health)}>
              {formatText(health)}
            </span>
            <SegmentedControl
              size="xs"
              value={span}
              onChange={(value) => setSpan(value as keyof typeof SPANS)}
              data={[
                { value: '5', label: '5 min' },
                { value: '60', label: '1 hour' },
              ]}
              aria-label="Time shown"
            />
          </div>
        </>
      )}
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

function topText({ status }: StreamHealth): string {
  if (status === 'no_encoder') return 'No encoder is connected. Press Start Streaming in OBS.';
  return status === 'starting' ? 'The first seconds are being measured.' : 'Picture and sound are fine.';
}

type RowProps = { row: HealthRow; points: readonly SparkPoint[]; fromMs: number; toMs: number; isOnTop: boolean };

function Row({ row, points, fromMs, toMs, isOnTop }: RowProps) {
  const path = sparkPath(points, { ...SPARK, fromMs, toMs, leastSpan: LEAST_SPANS[row.name] });
  return (
    <li className={classes.row} data-tone={row.tone}>
      <span className={classes.label}>{row.label}</span>
      <svg className={classes.spark} viewBox={`0 0 ${SPARK.widthPx} ${SPARK.heightPx}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      <span className={classes.value}>{row.value}</span>
      {row.sentence && !isOnTop ? <span className={classes.sentence}>{row.sentence}</span> : null}
    </li>
  );
}
