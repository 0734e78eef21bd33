import { bytesToSnapshot, jsonToBytes } from './json-bytes.ts';
import type { HeldText } from './stream-types.ts';

export const SNAPSHOT_VERSION = 2;

type SavedText = Omit<HeldText, 'vector' | 'authors'> & { readonly authors: readonly (readonly [string, number])[] };

/** All a stream grouper cannot compute again from its options. Spaces, points and neighbours follow from texts and seed. */
export type SavedGrouper = {
  readonly version: number;
  readonly seed: number;
  readonly fitCount: number;
  readonly repairCount: number;
  readonly nextTextId: number;
  readonly nextGroupId: number;
  /** Texts the space was last learnt on, besides `fitOn`; null = no space yet. */
  readonly fitTexts: readonly string[] | null;
  /** Texts `fitOn` had; another number at restoring is refused. */
  readonly fitOnCount: number;
  readonly fittedTexts: number;
  /** Of the communities, chosen at the last refit; null = to be chosen. */
  readonly resolution: number | null;
  /** Leading texts the neighbour graph covers. */
  readonly graphCount: number;
  /** Null = never. */
  readonly repairedAtMs: number | null;
  readonly newTexts: number;
  readonly mergedIds: readonly (readonly [number, number])[];
  readonly texts: readonly SavedText[];
};

export function textsToSaved(texts: readonly HeldText[]): SavedText[] {
  return texts.map(({ vector: _vector, authors, ...rest }) => ({ ...rest, authors: [...authors] }));
}

export function savedToBytes(saved: SavedGrouper): Uint8Array {
  return jsonToBytes(saved);
}

/** Refuses bytes that are not a snapshot of this version. */
export function bytesToSaved(bytes: Uint8Array): SavedGrouper {
  return bytesToSnapshot<SavedGrouper>(bytes, SNAPSHOT_VERSION, 'a stream grouper');
}
