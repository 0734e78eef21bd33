// Sell IQ: the next item of a viewer, the next lot for the room, and the evidence that either sells.

export { bernsteinInterval, type Interval } from './evidence/bernstein-interval.ts';
export { type BootstrapOptions, bootstrapIntervals } from './evidence/bootstrap-intervals.ts';
export {
  ESTIMATORS,
  type Estimate,
  type Estimator,
  estimateOffPolicy,
  type ModelledRewards,
  type OffPolicyLog,
  type OffPolicyOptions,
  type OffPolicyReport,
} from './evidence/off-policy.ts';
export { modelRewards, type RewardRows, type RewardTableOptions } from './evidence/reward-table.ts';
export {
  creditTeams,
  type DraftedLot,
  draftTeams,
  type InterleavingVerdict,
  judgeInterleaving,
  type ShowCredit,
  type Team,
} from './evidence/team-draft.ts';
export { BetaPosteriors, type BetaPrior } from './explore/beta-posteriors.ts';
export { type LabelledRow, LogisticPosterior } from './explore/logistic-posterior.ts';
export {
  DEFAULT_SLATE,
  type Slate,
  type SlateCandidate,
  type SlateOptions,
  type SuggestedSlot,
  suggestSlate,
} from './explore/suggest-slate.ts';
export {
  DEFAULT_OUTCOME_WINDOWS_MS,
  HOST_ACTS,
  type HostAct,
  noteHostAct,
  noteOutcome,
  OUTCOME_KINDS,
  type Outcome,
  type OutcomeKind,
  type OutcomeWindows,
  recordSuggestion,
  type SuggestionRecord,
} from './explore/suggestion-record.ts';
export { betaDraw, type Draw, drawSlates, slotChances } from './explore/thompson-slots.ts';
export { type Click, type ClickIndexOptions, DEFAULT_CLICK_INDEX } from './next/click-index.ts';
export { NextItemModel, type NextItemOptions, type PredictOptions, type RankedItem } from './next/next-item-model.ts';
export { DEFAULT_POOL, type PoolOptions } from './next/pool-options.ts';
export { type ClickSession, groupSessions, learnSessions, type Tuned, type TuneOptions, tuneNextItem } from './next/tune-next-item.ts';
export {
  advisePrice,
  DEFAULT_PRICE_RULE,
  type PriceAdvice,
  type PriceInput,
  type PriceReason,
  type PriceRuleOptions,
} from './price/price-rule.ts';
export { chooseRoomOptions, ROOM_CANDIDATES } from './room/choose-room-options.ts';
export { type CounterfactualOrders, loudestOrder, orderBy } from './room/counterfactual-orders.ts';
export { applyLotRules, DEFAULT_LOT_RULES, type HoldReason, type Lot, type LotRuleOptions } from './room/lot-rules.ts';
export {
  DEFAULT_ROOM,
  type LotReason,
  type RankedLot,
  type RoomMoment,
  type RoomOptions,
  type RoomOrder,
  RoomRanker,
  type RoomViewer,
} from './room/room-ranker.ts';
