// Speak IQ: what the room asks, grouped by distinct askers, ready for the host.
export { DEFAULT_FACTS, type FactAnswer, FactIndex, type FactOptions, type ProductFact } from './facts/fact-retrieval.ts';
export { DEFAULT_CUES, type FieldCues } from './facts/field-cues.ts';
export { groupTexts } from './group/group-texts.ts';
export { StreamGrouper } from './group/stream-grouper.ts';
export { DEFAULT_STREAM, type LeftText, type QuestionGroup, type StreamMessage, type StreamOptions } from './group/stream-types.ts';
export { classifyIntent, DEFAULT_INTENTS, fitIntents, type IntentModel, type IntentVerdict } from './intent/intent-classifier.ts';
export { bytesToIntentModel, intentModelToBytes } from './intent/intent-model-bytes.ts';
export { type BurstTerm, BurstTerms } from './live/burst-terms.ts';
export { type Persona, personaGroups, type ViewerInterests } from './live/personas.ts';
export { type BoardGiven, QuestionBoard } from './live/question-board.ts';
export {
  nextQuestionLife,
  noteFactVersion,
  openQuestion,
  type QuestionEffect,
  type QuestionEvent,
  type QuestionLife,
  type QuestionState,
} from './live/question-life.ts';
export { QuestionLives } from './live/question-lives.ts';
export {
  bytesToQuestionModel,
  fitQuestions,
  hasQuestionMark,
  QUESTION_THRESHOLD,
  type QuestionModel,
  questionChance,
  questionChanceNormalized,
  questionModelToBytes,
} from './question/question-detector.ts';
export { figuresOf, uncoveredFigures } from './reply/figures.ts';
export { DEFAULT_HINT_QUEUE, type Hint, HintQueue, type HintQueueOptions } from './reply/hint-queue.ts';
export { AUTONOMY_STEPS, type AutonomyStep, DEFAULT_DESK, type DeskOptions, type DeskOutcome, ReplyDesk } from './reply/reply-desk.ts';
export {
  type CitedFact,
  checkDraft,
  draftReply,
  MAX_DRAFT_AGE_MS,
  type ReplyDraft,
  replyCacheKey,
  type SendBlock,
  type SendVerdict,
  type ShopNow,
} from './reply/reply-draft.ts';
export {
  checkScarcity,
  DEFAULT_SCARCITY,
  type ScarcityOptions,
  type ScarcityVerdict,
  type UrgencyProof,
} from './reply/scarcity-guard.ts';
export { findUrgencyClaims, URGENCY_KINDS, type UrgencyClaim, type UrgencyKind } from './reply/urgency-claims.ts';
export { normalizeChat } from './text/normalize-chat.ts';
export { tokenize } from './text/tokenize.ts';
