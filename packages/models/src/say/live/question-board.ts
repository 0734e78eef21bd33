// Speak IQ's first stage as one object: every message is counted, those that ask are grouped. Every asker is kept; what
// does not ask costs a detector call and nothing else.
import type { Uniform } from '../../math/seeded-random.ts';
import { bytesToJson, bytesToSnapshot, jsonToBytes } from '../group/json-bytes.ts';
import { StreamGrouper } from '../group/stream-grouper.ts';
import type { LeftText, QuestionGroup, StreamMessage, StreamOptions } from '../group/stream-types.ts';
import { DEFAULT_TEXT_SPACE } from '../group/text-space.ts';
import { QUESTION_THRESHOLD, type QuestionModel, questionChanceNormalized } from '../question/question-detector.ts';
import { normalizeChat } from '../text/normalize-chat.ts';
import { BurstTerms } from './burst-terms.ts';

/**
 * A live panel needs minutes, not hours: the smaller buffer and space keep a repair short, as it holds up the messages behind
 * it. On training parts of up to 1,000 texts the smaller space grouped as well as the larger at half the work.
 */
export const LIVE_STREAM: Partial<StreamOptions> = {
  bufferSize: 1_024,
  repairEveryMs: 5_000,
  space: { ...DEFAULT_TEXT_SPACE, svd: { rank: 64, oversample: 8, iterations: 1 } },
};

/** Verdicts kept for texts seen lately: most of a busy chat repeats itself. */
const MAX_VERDICTS = 8_192;
const SNAPSHOT_VERSION = 1;

export type BoardGiven = {
  readonly model: QuestionModel;
  readonly uniform: Uniform;
  readonly options?: Partial<StreamOptions>;
  readonly fitOn?: readonly string[];
};

export class QuestionBoard {
  readonly #model: QuestionModel;
  readonly #verdicts = new Map<string, number>();
  #grouper: StreamGrouper;
  #bursts = new BurstTerms();
  #messageCount = 0;
  #askingCount = 0;

  constructor(given: BoardGiven) {
    this.#model = given.model;
    this.#grouper = new StreamGrouper(withLiveOptions(given));
  }

  get grouper(): StreamGrouper {
    return this.#grouper;
  }

  get bursts(): BurstTerms {
    return this.#bursts;
  }

  get counts(): { readonly messages: number; readonly asking: number } {
    return { messages: this.#messageCount, asking: this.#askingCount };
  }

  /** Takes one message; `groupId` null = it does not ask. `left` as in StreamGrouper.add. */
  add(message: StreamMessage): { chance: number; groupId: number | null; textId: number | null; left: readonly LeftText[] } {
    this.#messageCount += 1;
    const normalized = normalizeChat(message.text).text;
    this.#bursts.addNormalized(normalized, message.author, message.occurredAtMs);
    const chance = this.#chanceOf(normalized);
    if (chance < QUESTION_THRESHOLD) return { chance, groupId: null, textId: null, left: [] };
    this.#askingCount += 1;
    const { groupId, textId, left } = this.#grouper.add(message);
    return { chance, groupId, textId, left };
  }

  /** Regroups when it is time to; true when it did. Call it as often as you like, e.g. before every publication. */
  repairIfDue(nowMs: number): boolean {
    if (!this.#grouper.isRepairDue(nowMs)) return false;
    this.#grouper.repair(nowMs);
    return true;
  }

  groups(): QuestionGroup[] {
    return this.#grouper.groups();
  }

  /** Counts, groups and words, as bytes; the question model is kept apart (it does not change during a show). Personal data. */
  snapshot(): Uint8Array {
    return jsonToBytes({
      version: SNAPSHOT_VERSION,
      messages: this.#messageCount,
      asking: this.#askingCount,
      grouper: bytesToJson(this.#grouper.snapshot()),
      bursts: bytesToJson(this.#bursts.snapshot()),
    });
  }

  /** With the same model, options and `fitOn`, what follows equals a board that never stopped. Refuses another version. */
  static restore(bytes: Uint8Array, given: BoardGiven): QuestionBoard {
    const saved = bytesToSnapshot<{ version: number; messages: number; asking: number; grouper: unknown; bursts: unknown }>(
      bytes,
      SNAPSHOT_VERSION,
      'a question board',
    );
    const board = new QuestionBoard(given);
    board.#grouper = StreamGrouper.restore(jsonToBytes(saved.grouper), withLiveOptions(given));
    board.#bursts = BurstTerms.restore(jsonToBytes(saved.bursts));
    board.#messageCount = saved.messages;
    board.#askingCount = saved.asking;
    return board;
  }

  #chanceOf(normalized: string): number {
    const known = this.#verdicts.get(normalized);
    if (known !== undefined) return known;
    const chance = questionChanceNormalized(this.#model, normalized);
    this.#verdicts.set(normalized, chance);
    if (this.#verdicts.size > MAX_VERDICTS) this.#verdicts.delete(this.#verdicts.keys().next().value as string);
    return chance;
  }
}

function withLiveOptions(given: BoardGiven): BoardGiven {
  return { ...given, options: { ...LIVE_STREAM, ...given.options } };
}
