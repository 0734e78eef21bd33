// Speak IQ's first stage as one object: every message is counted, those that ask are grouped. Every asker is kept; what
// does not ask costs a detector call and nothing else.
import type { Uniform } from '../../math/seeded-random.ts';
import { StreamGrouper } from '../group/stream-grouper.ts';
import type { QuestionGroup, StreamMessage, StreamOptions } from '../group/stream-types.ts';
import { QUESTION_THRESHOLD, type QuestionModel, questionChance } from '../question/question-detector.ts';
import { normalizeChat } from '../text/normalize-chat.ts';
import { BurstTerms } from './burst-terms.ts';

/** A live panel needs minutes, not hours: the smaller buffer keeps a repair short, as it holds up the messages behind it. */
export const LIVE_STREAM: Partial<StreamOptions> = { bufferSize: 1_024, refitGrowth: 1.5, repairEveryMs: 5_000 };

/** Verdicts kept for texts seen lately: most of a busy chat repeats itself. */
const MAX_VERDICTS = 8_192;

export class QuestionBoard {
  readonly grouper: StreamGrouper;
  readonly bursts = new BurstTerms();
  readonly #model: QuestionModel;
  readonly #verdicts = new Map<string, number>();
  #messageCount = 0;
  #askingCount = 0;

  constructor(given: {
    readonly model: QuestionModel;
    readonly uniform: Uniform;
    readonly options?: Partial<StreamOptions>;
    readonly fitOn?: readonly string[];
  }) {
    this.#model = given.model;
    this.grouper = new StreamGrouper({ ...given, options: { ...LIVE_STREAM, ...given.options } });
  }

  get counts(): { readonly messages: number; readonly asking: number } {
    return { messages: this.#messageCount, asking: this.#askingCount };
  }

  /** Takes one message; `groupId` null = it does not ask. */
  add(message: StreamMessage): { chance: number; groupId: number | null; textId: number | null } {
    this.#messageCount += 1;
    this.bursts.add(message.text, message.author, message.occurredAtMs);
    const chance = this.#chanceOf(message.text);
    if (chance < QUESTION_THRESHOLD) return { chance, groupId: null, textId: null };
    this.#askingCount += 1;
    const { groupId, textId } = this.grouper.add(message);
    return { chance, groupId, textId };
  }

  groups(): QuestionGroup[] {
    return this.grouper.groups();
  }

  #chanceOf(text: string): number {
    const key = `${/[?\uff1f]/u.test(text) ? '?' : ''}${normalizeChat(text).text}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const chance = questionChance(this.#model, text);
    this.#verdicts.set(key, chance);
    if (this.#verdicts.size > MAX_VERDICTS) this.#verdicts.delete(this.#verdicts.keys().next().value as string);
    return chance;
  }
}
