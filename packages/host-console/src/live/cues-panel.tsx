// The copilot's three lanes, each with a place of its own, so that a new cue never moves another (ui.md 2).

import type { Cue } from '@insp/protocol';
import { Button } from '@mantine/core';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { useNow } from '../ui/use-now.ts';
import { CUE_LANES, type CueLane, cueLanes, topCue } from './cue-lanes.ts';
import classes from './cues-panel.module.css';
import { useLive } from './live-context.tsx';

const quiet: Record<CueLane, string> = {
  say: 'No question waits.',
  sell: 'The line-up is fine as it is.',
  who: 'Nobody to greet right now.',
};

/** What "take" does, as a verb. */
export const takeWords: Record<Cue['act']['kind'], string> = {
  mark_answered: 'Answered',
  start_highlight: 'Show it',
  greet: 'Greeted',
  keep_live: 'Keep live',
};

export function CuesPanel() {
  const { room, can } = useLive();
  const nowMs = useNow() + room.clockOffsetMs;
  const lanes = cueLanes(room.cues, nowMs);
  const first = topCue(lanes);
  return (
    <Panel title="Cues" area="cues" aside={can('copilot.use') ? null : <span className="muted">hosts only</span>}>
      <ul className={classes.lanes} aria-live="polite" aria-relevant="additions">
        {CUE_LANES.map((lane) => {
          const cue = lanes[lane];
          return (
            <li key={lane} className={classes.lane} data-empty={cue === null}>
              <span className={classes.laneName}>{lane}</span>
              {cue ? <CueCard key={cue.id} cue={cue} hasKeys={first?.id === cue.id} /> : <p className={classes.quiet}>{quiet[lane]}</p>}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function CueCard({ cue, hasKeys }: { cue: Cue; hasKeys: boolean }) {
  const { acts } = useLive();
  return (
    <article className={classes.card} aria-label={`${cue.lane}: ${cue.headline}`}>
      <h3 className={classes.headline} title={cue.headline}>
        {cue.headline}
      </h3>
      <p className={classes.detail} title={cue.detail}>
        {cue.detail}
      </p>
      <p className={classes.reason} title={cue.reason}>
        Why: {cue.reason}
      </p>
      <div className={classes.acts}>
        <Button size="compact-sm" onClick={() => void acts.act({ kind: 'take_cue', cueId: cue.id })}>
          {takeWords[cue.act.kind]}
          {hasKeys ? <KeyHint letter="T" /> : null}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void acts.act({ kind: 'skip_cue', cueId: cue.id })}>
          Skip
          {hasKeys ? <KeyHint letter="X" /> : null}
        </Button>
      </div>
    </article>
  );
}
