// Audience View: who to speak to. Three ways in, each incremental, each to bytes and back:
//
//   value    addPurchase -> RunningSummary -> summaryAt -> ValueScore.score, outlookOf, dueInDays, scoreRfm   (fits nightly: learnValueScore)
//   intent   LiveIntent.chance / observe while the show is on; learnIntent + intentChance from past visits
//   habit    HabitBook.take -> suggest
export { HabitBook, type HostSuggestion, MAX_HABIT_VIEWERS } from './habit/habit-book.ts';
export { HABIT_EVENTS, HABIT_STAGES, type HabitEvent, type HabitStage, HOST_MOVE_REASONS, type HostMove } from './habit/habit-stage.ts';
export { DEFAULT_HABIT_RULES, type HabitRules, moveNow, nextHabit, type ViewerAct, type ViewerHabit } from './habit/viewer-habit.ts';
export type { Cell, NamedColumn } from './intent/feature-bins.ts';
export { type IntentModel, type IntentRow, intentChance } from './intent/intent-model.ts';
export { bytesToIntent, intentToBytes } from './intent/intent-snapshot.ts';
export { DEFAULT_INTENT, type IntentOptions, learnIntent } from './intent/learn-intent.ts';
export { DEFAULT_LIVE_INTENT, LiveIntent, type LiveIntentOptions } from './intent/live-intent.ts';
export type { Visit } from './intent/visit-features.ts';
export { fitBgNbd } from './lifetime/bg-nbd.ts';
export { type CustomerSummary, summarizeCustomers, type Transaction } from './lifetime/customer-summary.ts';
export { fitGammaGamma, type SpendModel } from './lifetime/gamma-gamma.ts';
export { fitMbgCnbdK, type RhythmModel } from './lifetime/mbg-cnbd-k.ts';
export { fitMbgNbd } from './lifetime/mbg-nbd.ts';
export { fitNbd } from './lifetime/nbd.ts';
export { type DueInDays, dueInDays, type Outlook, outlookOf, outlookOfStranger } from './lifetime/outlook.ts';
export { fitParetoNbd } from './lifetime/pareto-nbd.ts';
export type { FitResult, PurchaseModel } from './lifetime/purchase-model.ts';
export { bytesToPurchaseModel, bytesToRhythmModel, purchaseModelToBytes } from './lifetime/purchase-model-snapshot.ts';
export { learnRfm, type RfmScale, type RfmScore, scoreRfm } from './lifetime/rfm.ts';
export { addPurchase, type RunningSummary, summaryAt } from './lifetime/running-summary.ts';
export { bytesToValueScore, learnValueScore, type ValueScore, type ValueScoreOptions } from './value-score.ts';
