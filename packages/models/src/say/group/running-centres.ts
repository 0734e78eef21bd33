import { rowDot } from './spherical-k-means.ts';

/** Running means of groups, unit length, side by side in one array so that the nearest is found in one quick sweep. */
export class RunningCentres {
  readonly #dims: number;
  readonly #rowOf = new Map<number, number>();
  readonly #ids: number[] = [];
  #sums: Float32Array;
  #units: Float32Array;

  constructor(dims: number) {
    this.#dims = dims;
    this.#sums = new Float32Array(32 * dims);
    this.#units = new Float32Array(32 * dims);
  }

  get count(): number {
    return this.#ids.length;
  }

  /** Adds the point at `start` of `points` to a group's mean; a group not seen before starts with it. */
  add(groupId: number, points: Float32Array, start: number): void {
    const dims = this.#dims;
    const at = this.#rowFor(groupId) * dims;
    let square = 0;
    for (let d = 0; d < dims; d += 1) {
      const value = (this.#sums[at + d] as number) + (points[start + d] as number);
      this.#sums[at + d] = value;
      square += value * value;
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let d = 0; d < dims; d += 1) this.#units[at + d] = (this.#sums[at + d] as number) * scale;
  }

  /** The group whose mean has the greatest cosine with the unit point at `start`; the older one on a tie. */
  nearest(points: Float32Array, start: number): { readonly groupId: number; readonly cosine: number } | null {
    let best = -1;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < this.#ids.length; row += 1) {
      const cosine = rowDot(points, start, this.#units, row * this.#dims, this.#dims);
      if (cosine > greatest) {
        greatest = cosine;
        best = row;
      }
    }
    return best < 0 ? null : { groupId: this.#ids[best] as number, cosine: greatest };
  }

  /** Cosine of a unit point with a group's mean; 0 for a group without one. */
  cosine(groupId: number, points: Float32Array, start: number): number {
    const row = this.#rowOf.get(groupId);
    return row === undefined ? 0 : rowDot(points, start, this.#units, row * this.#dims, this.#dims);
  }

  #rowFor(groupId: number): number {
    const known = this.#rowOf.get(groupId);
    if (known !== undefined) return known;
    const row = this.#ids.length;
    this.#rowOf.set(groupId, row);
    this.#ids.push(groupId);
    if (this.#sums.length < (row + 1) * this.#dims) {
      this.#sums = enlarged(this.#sums);
      this.#units = enlarged(this.#units);
    }
    return row;
  }
}

function enlarged(array: Float32Array): Float32Array {
  const larger = new Float32Array(array.length * 2);
  larger.set(array);
  return larger;
}
