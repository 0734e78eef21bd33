// The state of a show in one word. Red only when it is on air.
import type { ShowState } from '@insp/protocol';
import classes from './show-state-chip.module.css';

const words: Record<ShowState, string> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  waiting: 'Room open',
  live: 'LIVE',
  paused: 'Paused',
  encoder_lost: 'Encoder lost',
  ended: 'Ended',
  cancelled: 'Cancelled',
};

export function ShowStateChip({ state }: { state: ShowState }) {
  return (
    <span className={classes.chip} data-state={state}>
      {words[state]}
    </span>
  );
}
