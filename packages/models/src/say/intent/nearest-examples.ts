import { type SparseVector, sparseDenseDot } from '../text/sparse-vector.ts';

/** How near a text comes to the examples of one class. */
export class NearestExamples {
  readonly rows: readonly SparseVector[];
  readonly classes: ArrayLike<number>;
  readonly #rowsByClass: readonly (readonly SparseVector[])[];
  /** Scratch: the text at hand, all 0 in between. */
  readonly #dense: Float32Array;

  constructor(rows: readonly SparseVector[], classes: ArrayLike<number>, classCount: number, featureCount: number) {
    const rowsByClass: SparseVector[][] = Array.from({ length: classCount }, () => []);
    for (const [i, row] of rows.entries()) rowsByClass[classes[i] as number]?.push(row);
    this.rows = rows;
    this.classes = classes;
    this.#rowsByClass = rowsByClass;
    this.#dense = new Float32Array(featureCount);
  }

  /** Mean of the three greatest cosines to examples of the class (missing ones count 0). */
  meanGreatestCosine(place: number, { indices, values }: SparseVector): number {
    for (let k = 0; k < indices.length; k += 1) this.#dense[indices[k] as number] = values[k] as number;
    let first = 0;
    let second = 0;
    let third = 0;
    for (const row of this.#rowsByClass[place] ?? []) {
      const cosine = sparseDenseDot(row, this.#dense);
      if (cosine > first) [first, second, third] = [cosine, first, second];
      else if (cosine > second) [second, third] = [cosine, second];
      else if (cosine > third) third = cosine;
    }
    for (const index of indices) this.#dense[index] = 0;
    return (first + second + third) / 3;
  }
}
