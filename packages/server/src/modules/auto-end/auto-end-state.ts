// From calm to the end as a total table: state x event -> state and what to do. Pure.
//
//   calm --due--> warned --due--> last_warned --due--> ending          (each at its time)
//     ^             |                  |                  |
//     '---- fine, kept, off_air -------'------------------'            (the warning is withdrawn)
//
// A show never ends sooner than ten minutes after its first warning and two after its last, whatever the clock did.
import type { AutoEndCause } from '@insp/protocol';
import { AUTO_END_LIMITS } from './auto-end-rules.ts';

type Countdown = { readonly cause: AutoEndCause; readonly endsAtMs: number };

export type AutoEndState =
  | { readonly kind: 'calm' }
  | ({ readonly kind: 'warned' } & Countdown)
  | ({ readonly kind: 'last_warned' } & Countdown)
  | ({ readonly kind: 'ending' } & Countdown);

export type AutoEndEvent =
  /** Nothing is due. */
  | { readonly kind: 'fine' }
  /** A first warning is due, or was. */
  | ({ readonly kind: 'due'; readonly nowMs: number } & Countdown)
  /** Somebody said that the show goes on. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'off_air' };

export type AutoEndAct =
  | ({ readonly kind: 'warn'; readonly isLast: boolean } & Countdown)
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'end'; readonly cause: AutoEndCause };

type Step = { readonly state: AutoEndState; readonly acts: readonly AutoEndAct[] };
type StateOf<K extends AutoEndState['kind']> = Extract<AutoEndState, { kind: K }>;
type EventOf<K extends AutoEndEvent['kind']> = Extract<AutoEndEvent, { kind: K }>;

export const CALM: AutoEndState = { kind: 'calm' };
const stay = (state: AutoEndState): Step => ({ state, acts: [] });
const withdraw = (): Step => ({ state: CALM, acts: [{ kind: 'withdraw' }] });

function warnFirst({ cause, endsAtMs, nowMs }: EventOf<'due'>): Step {
  const countdown = { cause, endsAtMs: Math.max(endsAtMs, nowMs + AUTO_END_LIMITS.firstWarningMs) };
  return { state: { kind: 'warned', ...countdown }, acts: [{ kind: 'warn', isLast: false, ...countdown }] };
}

const table: {
  [S in AutoEndState['kind']]: { [E in AutoEndEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => Step };
} = {
  calm: {
    fine: stay,
    due: (_state, event) => warnFirst(event),
    kept: stay,
    off_air: stay,
  },
  warned: {
    fine: withdraw,
    due: (state, event) => {
      if (event.cause !== state.cause) return warnFirst(event);
      if (event.nowMs < state.endsAtMs - AUTO_END_LIMITS.lastWarningMs) return stay(state);
      const countdown = { cause: state.cause, endsAtMs: Math.max(state.endsAtMs, event.nowMs + AUTO_END_LIMITS.lastWarningMs) };
      return { state: { kind: 'last_warned', ...countdown }, acts: [{ kind: 'warn', isLast: true, ...countdown }] };
    },
    kept: withdraw,
    off_air: withdraw,
  },
  last_warned: {
    fine: withdraw,
    due: (state, event) => {
      if (event.cause !== state.cause) return warnFirst(event);
      if (event.nowMs < state.endsAtMs) return stay(state);
      return { state: { ...state, kind: 'ending' }, acts: [{ kind: 'end', cause: state.cause }] };
    },
    kept: withdraw,
    off_air: withdraw,
  },
  ending: {
    fine: withdraw,
    // The end could not be written: tried again at every look.
    due: (state) => ({ state, acts: [{ kind: 'end', cause: state.cause }] }),
    kept: withdraw,
    off_air: withdraw,
  },
};

export function nextAutoEnd(state: AutoEndState, event: AutoEndEvent): Step {
  const row = table[state.kind] as Record<AutoEndEvent['kind'], (state: AutoEndState, event: AutoEndEvent) => Step>;
  return row[event.kind](state, event);
}
