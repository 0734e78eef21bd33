// The life of a question group on the host's screen, as a total table: every state names an outcome for every event.
//
//   open --draft_made--> drafted --sent_in_chat--> answered_in_chat --fact_changed--> reopened
//     \--said_on_air--> answered_on_air ----------fact_changed-----> reopened
//   a closing can be undone (closing_undone), and a question asked again after an answer by a new asker stays answered:
//   the asker is told (`tell_askers`). Drafts are void as soon as the fact behind them changes.

export const QUESTION_STATES = ['open', 'drafted', 'answered_on_air', 'answered_in_chat', 'reopened'] as const;
export type QuestionState = (typeof QUESTION_STATES)[number];

export const QUESTION_EVENTS = [
  'asked_again',
  'draft_made',
  'draft_discarded',
  'said_on_air',
  'sent_in_chat',
  'fact_changed',
  'closing_undone',
] as const;
export type QuestionEvent = (typeof QUESTION_EVENTS)[number];

/** What the caller does besides moving the card. */
export type QuestionEffect = 'none' | 'tell_askers' | 'tell_new_asker' | 'void_draft' | 'alert_host';
type Outcome = { readonly to: QuestionState; readonly effect: QuestionEffect };

const stay = (to: QuestionState, effect: QuestionEffect = 'none'): Outcome => ({ to, effect });

const TABLE: { readonly [S in QuestionState]: { readonly [E in QuestionEvent]: Outcome } } = {
  open: {
    asked_again: stay('open'),
    draft_made: { to: 'drafted', effect: 'none' },
    draft_discarded: stay('open'),
    said_on_air: { to: 'answered_on_air', effect: 'tell_askers' },
    sent_in_chat: { to: 'answered_in_chat', effect: 'tell_askers' },
    fact_changed: stay('open'),
    closing_undone: stay('open'),
  },
  drafted: {
    asked_again: stay('drafted'),
    draft_made: stay('drafted'),
    draft_discarded: { to: 'open', effect: 'void_draft' },
    said_on_air: { to: 'answered_on_air', effect: 'tell_askers' },
    sent_in_chat: { to: 'answered_in_chat', effect: 'tell_askers' },
    fact_changed: { to: 'open', effect: 'void_draft' },
    closing_undone: stay('drafted'),
  },
  answered_on_air: {
    asked_again: stay('answered_on_air', 'tell_new_asker'),
    draft_made: stay('answered_on_air', 'void_draft'),
    draft_discarded: stay('answered_on_air'),
    said_on_air: stay('answered_on_air'),
    sent_in_chat: stay('answered_on_air'),
    fact_changed: { to: 'reopened', effect: 'alert_host' },
    closing_undone: { to: 'open', effect: 'none' },
  },
  answered_in_chat: {
    asked_again: stay('answered_in_chat', 'tell_new_asker'),
    draft_made: stay('answered_in_chat', 'void_draft'),
    draft_discarded: stay('answered_in_chat'),
    said_on_air: { to: 'answered_on_air', effect: 'none' },
    sent_in_chat: stay('answered_in_chat'),
    fact_changed: { to: 'reopened', effect: 'alert_host' },
    closing_undone: { to: 'open', effect: 'none' },
  },
  reopened: {
    asked_again: stay('reopened'),
    draft_made: { to: 'drafted', effect: 'none' },
    draft_discarded: stay('reopened'),
    said_on_air: { to: 'answered_on_air', effect: 'tell_askers' },
    sent_in_chat: { to: 'answered_in_chat', effect: 'tell_askers' },
    fact_changed: stay('reopened'),
    closing_undone: stay('reopened'),
  },
};

export type QuestionLife = {
  readonly state: QuestionState;
  readonly changedAtMs: number;
  /** Facts (id -> version) the standing draft or answer rests on; empty while none stands. */
  readonly facts: ReadonlyMap<string, number>;
};

const NO_FACTS: ReadonlyMap<string, number> = new Map();

export function openQuestion(nowMs: number): QuestionLife {
  return { state: 'open', changedAtMs: nowMs, facts: NO_FACTS };
}

/**
 * Moves a question by one event. `facts` = what a draft or answer rests on (draft_made, said_on_air, sent_in_chat).
 * Pure; an event that changes nothing returns the same object.
 */
export function nextQuestionLife(
  life: QuestionLife,
  event: QuestionEvent,
  nowMs: number,
  facts: ReadonlyMap<string, number> = NO_FACTS,
): { life: QuestionLife; effect: QuestionEffect } {
  const { to, effect } = TABLE[life.state][event];
  const stands = to !== 'open' && to !== 'reopened';
  const rests = stands ? (facts.size > 0 ? facts : life.facts) : NO_FACTS;
  if (to === life.state && (rests === life.facts || (rests.size === 0 && life.facts.size === 0))) return { life, effect };
  return { life: { state: to, changedAtMs: to === life.state ? life.changedAtMs : nowMs, facts: rests }, effect };
}

/** A fact has a new version: moves the question if its draft or answer rested on an older one, else leaves it. */
export function noteFactVersion(
  life: QuestionLife,
  factId: string,
  version: number,
  nowMs: number,
): { life: QuestionLife; effect: QuestionEffect } {
  const rested = life.facts.get(factId);
  return rested === undefined || rested >= version ? { life, effect: 'none' } : nextQuestionLife(life, 'fact_changed', nowMs);
}
