// How far watching the shows has become a habit of a viewer, as a total table: every stage names an outcome for every event, and a
// missing pair does not compile.
//
//   interest --first act--> hook --comes back--> retain --orders--> convert --orders again--> advance
//
// An order leads to convert from anywhere; coming back leads to retain even without an act. A lapse or a returned order steps back one
// stage, never to nothing: what was once done is not undone by absence.

export const HABIT_STAGES = ['interest', 'hook', 'retain', 'convert', 'advance'] as const;
export type HabitStage = (typeof HABIT_STAGES)[number];

export const HABIT_EVENTS = [
  'entered_first_show',
  'returned',
  'reached_streak',
  'said_first_word',
  'spoke_again',
  'touched_product',
  'ordered_first',
  'ordered_again',
  'order_returned',
  'lapsed',
] as const;
export type HabitEvent = (typeof HABIT_EVENTS)[number];

/** What the host can do now; `none` = leave the viewer in peace. */
export type HostMove =
  | 'none'
  | 'welcome'
  | 'welcome_back'
  | 'answer_first_word'
  | 'show_touched_product'
  | 'praise_streak'
  | 'thank_first_order'
  | 'thank_repeat_order'
  | 'ask_what_was_wrong';

/** One line of reason for each move, for the host. */
export const HOST_MOVE_REASONS: Readonly<Record<HostMove, string>> = {
  none: '',
  welcome: 'here for the first time',
  welcome_back: 'came back for another show',
  answer_first_word: 'wrote for the first time: an answer by name is remembered',
  show_touched_product: 'looks at a product',
  praise_streak: 'has been here several shows in a row',
  thank_first_order: 'just ordered for the first time',
  thank_repeat_order: 'ordered again',
  ask_what_was_wrong: 'sent an order back',
};

export type HabitOutcome = { readonly to: HabitStage; readonly move: HostMove };

const go = (to: HabitStage, move: HostMove = 'none'): HabitOutcome => ({ to, move });

export const HABIT_TABLE: { readonly [S in HabitStage]: { readonly [E in HabitEvent]: HabitOutcome } } = {
  interest: {
    entered_first_show: go('interest', 'welcome'),
    returned: go('retain', 'welcome_back'),
    reached_streak: go('retain', 'praise_streak'),
    said_first_word: go('hook', 'answer_first_word'),
    spoke_again: go('hook'),
    touched_product: go('hook', 'show_touched_product'),
    ordered_first: go('convert', 'thank_first_order'),
    ordered_again: go('advance', 'thank_repeat_order'),
    order_returned: go('interest', 'ask_what_was_wrong'),
    lapsed: go('interest'),
  },
  hook: {
    entered_first_show: go('hook', 'welcome'),
    returned: go('retain', 'welcome_back'),
    reached_streak: go('retain', 'praise_streak'),
    said_first_word: go('hook', 'answer_first_word'),
    spoke_again: go('hook'),
    touched_product: go('hook', 'show_touched_product'),
    ordered_first: go('convert', 'thank_first_order'),
    ordered_again: go('advance', 'thank_repeat_order'),
    order_returned: go('hook', 'ask_what_was_wrong'),
    lapsed: go('interest'),
  },
  retain: {
    entered_first_show: go('retain'),
    returned: go('retain', 'welcome_back'),
    reached_streak: go('retain', 'praise_streak'),
    said_first_word: go('retain', 'answer_first_word'),
    spoke_again: go('retain'),
    touched_product: go('retain', 'show_touched_product'),
    ordered_first: go('convert', 'thank_first_order'),
    ordered_again: go('advance', 'thank_repeat_order'),
    order_returned: go('retain', 'ask_what_was_wrong'),
    lapsed: go('hook'),
  },
  convert: {
    entered_first_show: go('convert'),
    returned: go('convert', 'welcome_back'),
    reached_streak: go('convert', 'praise_streak'),
    said_first_word: go('convert', 'answer_first_word'),
    spoke_again: go('convert'),
    touched_product: go('convert', 'show_touched_product'),
    ordered_first: go('convert', 'thank_first_order'),
    ordered_again: go('advance', 'thank_repeat_order'),
    order_returned: go('retain', 'ask_what_was_wrong'),
    lapsed: go('retain'),
  },
  advance: {
    entered_first_show: go('advance'),
    returned: go('advance', 'welcome_back'),
    reached_streak: go('advance', 'praise_streak'),
    said_first_word: go('advance', 'answer_first_word'),
    spoke_again: go('advance'),
    touched_product: go('advance', 'show_touched_product'),
    ordered_first: go('advance', 'thank_first_order'),
    ordered_again: go('advance', 'thank_repeat_order'),
    order_returned: go('convert', 'ask_what_was_wrong'),
    lapsed: go('convert'),
  },
};
