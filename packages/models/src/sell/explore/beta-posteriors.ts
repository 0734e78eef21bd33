// Success chance of each lot as a Beta posterior, learned one impression at a time. The room's appeal can serve as prior.
import { InputError } from '../../input-error.ts';
import { bytesToJson, jsonToBytes } from '../../say/group/json-bytes.ts';
import { betaDraw, type Draw } from './thompson-slots.ts';

export type BetaPrior = { readonly alpha: number; readonly beta: number };
const SNAPSHOT_VERSION = 1;
type Saved = {
  readonly version: number;
  readonly prior: BetaPrior;
  readonly counts: readonly (readonly [lotId: string, successes: number, failures: number])[];
};

export class BetaPosteriors {
  readonly prior: BetaPrior;
  readonly #counts = new Map<string, { successes: number; failures: number }>();

  constructor(prior: BetaPrior = { alpha: 1, beta: 1 }) {
    betaDraw([prior.alpha], [prior.beta]);
    this.prior = prior;
  }

  /** Counts impressions with and without success. Refuses counts below 0. */
  add(lotId: string, successCount: number, failureCount: number): void {
    if (!(successCount >= 0 && failureCount >= 0 && Number.isFinite(successCount + failureCount)))
      throw new InputError(`${successCount} successes and ${failureCount} failures are no counts`, { column: lotId });
    const held = this.#counts.get(lotId) ?? { successes: 0, failures: 0 };
    this.#counts.set(lotId, { successes: held.successes + successCount, failures: held.failures + failureCount });
  }

  of(lotId: string): BetaPrior {
    const { successes = 0, failures = 0 } = this.#counts.get(lotId) ?? {};
    return { alpha: this.prior.alpha + successes, beta: this.prior.beta + failures };
  }

  meanOf(lotId: string): number {
    const { alpha, beta } = this.of(lotId);
    return alpha / (alpha + beta);
  }

  /** Draws for a list of lots; `worthOf` turns a success into money (margin). */
  drawFor(lotIds: readonly string[], worthOf: (lotId: string) => number = () => 1): Draw {
    const posteriors = lotIds.map((lotId) => this.of(lotId));
    const values = lotIds.map(worthOf);
    const draw = betaDraw(
      posteriors.map(({ alpha }) => alpha),
      posteriors.map(({ beta }) => beta),
    );
    return (candidate, uniform) => (values[candidate] as number) * draw(candidate, uniform);
  }

  snapshot(): Uint8Array {
    const counts = [...this.#counts].map(([lotId, { successes, failures }]) => [lotId, successes, failures] as const);
    return jsonToBytes({ version: SNAPSHOT_VERSION, prior: this.prior, counts } satisfies Saved);
  }

  /** Refuses bytes that are not a snapshot of this version. */
  static restore(bytes: Uint8Array): BetaPosteriors {
    let saved: Saved;
    try {
      saved = bytesToJson(bytes) as Saved;
    } catch (cause) {
      throw new InputError(`the bytes are not a snapshot of Beta posteriors: ${String(cause)}`);
    }
    if (saved?.version !== SNAPSHOT_VERSION) throw new InputError(`the snapshot is of version ${saved?.version}, not ${SNAPSHOT_VERSION}`);
    const posteriors = new BetaPosteriors(saved.prior);
    for (const [lotId, successes, failures] of saved.counts) posteriors.add(lotId, successes, failures);
    return posteriors;
  }
}
