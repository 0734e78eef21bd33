// Drafts between being written and being sent. One ladder of autonomy, set per draft by the host: show (never sent), draft
// (waits for the host's word), send after delay (goes unless the host stops it), send. Whatever the step, a draft leaves by one
// door, `checkDraft` with facts read in that moment; a blocked draft is gone for good, so it cannot go out later by mistake.
import { InputError } from '../../input-error.ts';
import { checkDraft, type ReplyDraft, type SendVerdict, type ShopNow } from './reply-draft.ts';

export const AUTONOMY_STEPS = ['show', 'draft', 'send_after_delay', 'send'] as const;
export type AutonomyStep = (typeof AUTONOMY_STEPS)[number];

export type DeskOptions = {
  readonly delayMs: number;
  /** Drafts held; when full the oldest is dropped and counted. */
  readonly maxDrafts: number;
};
export const DEFAULT_DESK: DeskOptions = { delayMs: 5_000, maxDrafts: 500 };

type Waiting = { readonly draft: ReplyDraft; readonly step: AutonomyStep; readonly dueAtMs: number };
export type DeskOutcome =
  | SendVerdict
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly reason: 'unknown_draft' | 'only_shown' };

export class ReplyDesk {
  readonly options: DeskOptions;
  readonly #waiting = new Map<string, Waiting>();
  #droppedCount = 0;

  constructor(options: DeskOptions = DEFAULT_DESK) {
    this.options = options;
  }

  get waitingIds(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Takes a draft in. On the step `send` it is judged at once; else it waits. Refuses an id that is already waiting. */
  submit(draft: ReplyDraft, step: AutonomyStep, shop: ShopNow, nowMs: number): DeskOutcome {
    if (this.#waiting.has(draft.id)) throw new InputError(`the draft ${draft.id} is already waiting`, { column: 'id' });
    if (step === 'send') return checkDraft(draft, shop, nowMs);
    this.#waiting.set(draft.id, {
      draft,
      step,
      dueAtMs: step === 'send_after_delay' ? nowMs + this.options.delayMs : Number.POSITIVE_INFINITY,
    });
    if (this.#waiting.size > this.options.maxDrafts) {
      this.#waiting.delete(this.#waiting.keys().next().value as string);
      this.#droppedCount += 1;
    }
    return { kind: 'waiting' };
  }

  /** The host says send. A draft that was only to be shown stays where it is. */
  approve(id: string, shop: ShopNow, nowMs: number): DeskOutcome {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return { kind: 'refused', reason: 'unknown_draft' };
    if (waiting.step === 'show') return { kind: 'refused', reason: 'only_shown' };
    this.#waiting.delete(id);
    return checkDraft(waiting.draft, shop, nowMs);
  }

  /** Judges every draft whose delay is over, in order of arrival; each leaves the desk. */
  sendDue(shop: ShopNow, nowMs: number): { readonly draft: ReplyDraft; readonly verdict: SendVerdict }[] {
    const due = [...this.#waiting.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs);
    for (const { draft } of due) this.#waiting.delete(draft.id);
    return due.map(({ draft }) => ({ draft, verdict: checkDraft(draft, shop, nowMs) }));
  }

  /** Takes a draft back; false when it is not waiting any more. */
  discard(id: string): boolean {
    return this.#waiting.delete(id);
  }

  /** A fact has a new version, or is gone (null): drafts that cite another one are void. Their ids, for the cards on screen. */
  noteFact(factId: string, version: number | null): string[] {
    const stale = [...this.#waiting.values()].filter(({ draft }) =>
      draft.cites.some((cite) => cite.id === factId && cite.version !== version),
    );
    for (const { draft } of stale) this.#waiting.delete(draft.id);
    return stale.map(({ draft }) => draft.id);
  }
}
