// The life of a show as one total table: every state has an answer to every event, and a missing pair does not
// compile. Pure: state, event and the situation (time, picture, grace) in; the next state or a refusal out.
//
//   draft <-> scheduled -> waiting -> live <-> paused         draft | scheduled | waiting -> cancelled
//                                      |          |
//                                      encoder_lost           back to where it was, or ended when the grace is over
//   live | paused | encoder_lost -> ended -> live             reopened within two hours
//
// Commands come from people (or the opening timer) and are refused where they make no sense; the encoder's own events
// are ignored there, because nobody waits for an answer.
import { type ErrorCode, SHOW_COMMANDS, type ShowState } from '@insp/protocol';

export const ENCODER_EVENTS = ['encoder_lost', 'encoder_resumed', 'grace_over'] as const;
export const SHOW_EVENTS = [...SHOW_COMMANDS, ...ENCODER_EVENTS] as const;
export type ShowEvent = (typeof SHOW_EVENTS)[number];

/** A show may be reopened this long after its end (product.md LC8). */
export const REOPEN_WINDOW_MS = 2 * 60 * 60_000;
/** The room opens this long before the planned start (LC2). */
export const ROOM_OPENS_BEFORE_MS = 15 * 60_000;

export type Guard = 'has_schedule' | 'has_picture' | 'within_reopen_window' | 'grace_is_over';
export type Move = { readonly to: ShowState | 'state_before_loss'; readonly guard?: Guard };
export type Rule = Move | 'refuse' | 'ignore';

const deaf = { encoder_lost: 'ignore', encoder_resumed: 'ignore', grace_over: 'ignore' } as const;

export const SHOW_TRANSITIONS = {
  draft: {
    schedule: { to: 'scheduled', guard: 'has_schedule' },
    unschedule: 'refuse',
    open: 'refuse',
    go_live: 'refuse',
    pause: 'refuse',
    resume: 'refuse',
    end: 'refuse',
    reopen: 'refuse',
    cancel: { to: 'cancelled' },
    ...deaf,
  },
  scheduled: {
    schedule: 'refuse',
    unschedule: { to: 'draft' },
    open: { to: 'waiting' },
    go_live: 'refuse',
    pause: 'refuse',
    resume: 'refuse',
    end: 'refuse',
    reopen: 'refuse',
    cancel: { to: 'cancelled' },
    ...deaf,
  },
  waiting: {
    schedule: 'refuse',
    unschedule: 'refuse',
    open: 'refuse',
    go_live: { to: 'live', guard: 'has_picture' },
    pause: 'refuse',
    resume: 'refuse',
    end: 'refuse',
    reopen: 'refuse',
    cancel: { to: 'cancelled' },
    ...deaf,
  },
  live: {
    schedule: 'refuse',
    unschedule: 'refuse',
    open: 'refuse',
    go_live: 'refuse',
    pause: { to: 'paused' },
    resume: 'refuse',
    end: { to: 'ended' },
    reopen: 'refuse',
    cancel: 'refuse',
    encoder_lost: { to: 'encoder_lost' },
    encoder_resumed: 'ignore',
    grace_over: 'ignore',
  },
  paused: {
    schedule: 'refuse',
    unschedule: 'refuse',
    open: 'refuse',
    go_live: 'refuse',
    pause: 'refuse',
    resume: { to: 'live' },
    end: { to: 'ended' },
    reopen: 'refuse',
    cancel: 'refuse',
    encoder_lost: { to: 'encoder_lost' },
    encoder_resumed: 'ignore',
    grace_over: 'ignore',
  },
  encoder_lost: {
    schedule: 'refuse',
    unschedule: 'refuse',
    open: 'refuse',
    go_live: 'refuse',
    pause: 'refuse',
    resume: 'refuse',
    end: { to: 'ended' },
    reopen: 'refuse',
    cancel: 'refuse',
    encoder_lost: 'ignore', // a second loss does not extend the grace
    encoder_resumed: { to: 'state_before_loss' },
    grace_over: { to: 'ended', guard: 'grace_is_over' },
  },
  ended: {
    schedule: 'refuse',
    unschedule: 'refuse',
    open: 'refuse',
    go_live: 'refuse',
    pause: 'refuse',
    resume: 'refuse',
    end: 'refuse',
    reopen: { to: 'live', guard: 'within_reopen_window' },
    cancel: 'refuse',
    ...deaf,
  },
  cancelled: {
    schedule: 'refuse',
    unschedule: 'refuse',
    open: 'refuse',
    go_live: 'refuse',
    pause: 'refuse',
    resume: 'refuse',
    end: 'refuse',
    reopen: 'refuse',
    cancel: 'refuse',
    ...deaf,
  },
} as const satisfies { readonly [S in ShowState]: { readonly [E in ShowEvent]: Rule } };

/** What of a show the table moves. */
export type ShowMachine = {
  readonly state: ShowState;
  readonly stateBeforeLoss: 'live' | 'paused' | null;
  readonly graceEndsAt: number | null;
  readonly scheduledAt: number | null;
  readonly liveAt: number | null;
  readonly endedAt: number | null;
};

export type ShowSituation = { readonly nowMs: number; readonly hasPicture: boolean; readonly encoderGraceMs: number };

export type Verdict =
  | { readonly kind: 'moved'; readonly next: ShowMachine }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: string };

type GuardRule = {
  readonly isMet: (show: ShowMachine, situation: ShowSituation) => boolean;
  /** What is missing, for people; null for the encoder's events, which are ignored instead. */
  readonly missing: string | null;
};

const GUARDS: Readonly<Record<Guard, GuardRule>> = {
  has_schedule: { isMet: (show) => show.scheduledAt !== null, missing: 'The show has no start time yet.' },
  has_picture: {
    isMet: (_show, { hasPicture }) => hasPicture,
    missing: 'No picture comes in: start the encoder with the key of this show.',
  },
  within_reopen_window: {
    isMet: (show, { nowMs }) => show.endedAt !== null && nowMs - show.endedAt <= REOPEN_WINDOW_MS,
    missing: 'A show can be reopened for two hours after its end.',
  },
  // A grace timer that was set for an earlier loss fires into a newer one, which has its own time.
  grace_is_over: { isMet: (show, { nowMs }) => show.graceEndsAt !== null && nowMs >= show.graceEndsAt, missing: null },
};

/** Applies one event. Never changes `show`. */
export function nextShow(show: ShowMachine, event: ShowEvent, situation: ShowSituation): Verdict {
  const rule: Rule = SHOW_TRANSITIONS[show.state][event];
  if (rule === 'ignore') return { kind: 'ignored' };
  if (rule === 'refuse') {
    return {
      kind: 'refused',
      code: 'INSP_SHOWS_TRANSITION_REFUSED',
      detail: `The show is ${show.state}; ${event} is not possible from there.`,
    };
  }
  const guard = rule.guard === undefined ? null : GUARDS[rule.guard];
  if (guard !== null && !guard.isMet(show, situation)) {
    return guard.missing === null ? { kind: 'ignored' } : { kind: 'refused', code: 'INSP_SHOWS_NOT_READY', detail: guard.missing };
  }
  return { kind: 'moved', next: enter(show, rule.to === 'state_before_loss' ? (show.stateBeforeLoss ?? 'live') : rule.to, situation) };
}

/** What changes with the state: the grace exists in encoder_lost only, the first live time stays, an end is undone by reopening. */
function enter(show: ShowMachine, to: ShowState, { nowMs, encoderGraceMs }: ShowSituation): ShowMachine {
  const isLost = to === 'encoder_lost';
  return {
    state: to,
    stateBeforeLoss: isLost ? (show.state === 'paused' ? 'paused' : 'live') : null,
    graceEndsAt: isLost ? nowMs + encoderGraceMs : null,
    scheduledAt: show.scheduledAt,
    liveAt: to === 'live' ? (show.liveAt ?? nowMs) : show.liveAt,
    endedAt: to === 'ended' ? nowMs : to === 'live' ? null : show.endedAt,
  };
}
