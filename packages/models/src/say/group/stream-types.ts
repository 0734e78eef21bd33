import { InputError } from '../../input-error.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
import { DEFAULT_TEXT_SPACE, type TextSpaceOptions } from './text-space.ts';

export type StreamMessage = {
  readonly text: string;
  readonly author: string;
  /** Any clock in ms, as long as it is always the same one. */
  readonly occurredAtMs: number;
  /** Value at stake, e.g. the asker's basket; minor units of one currency, >= 0. Default 0. */
  readonly valueMinor?: number;
};

export type StreamOptions = {
  readonly space: TextSpaceOptions;
  /** Cosine from which a new text joins a group between repairs. */
  readonly threshold: number;
  readonly maxGroups: number;
  /** Distinct texts held. When full, the quarter silent longest leaves. */
  readonly bufferSize: number;
  readonly repairEveryMs: number;
  /** Share of the buffer that must be new before a repair is due; after ten times `repairEveryMs` one new text is enough. */
  readonly repairGrowthRatio: number;
  /** The space is learnt anew when the buffer is this many times as large as at the last time. */
  readonly refitGrowth: number;
  /** Neighbours that link two texts in the graph, at most; a small buffer takes the logarithm of its size. */
  readonly linkNeighbours: number;
  /** Resolution of the communities; null = chosen from the texts at each refit. */
  readonly resolution: number | null;
  /** A text sent by more people than this counts no more of them (a bound on memory). */
  readonly maxAuthorsPerText: number;
};

export const DEFAULT_STREAM: StreamOptions = {
  space: { ...DEFAULT_TEXT_SPACE, svd: { rank: 100, oversample: 10, iterations: 2 } },
  threshold: 0.5,
  maxGroups: 150,
  bufferSize: 8_192,
  repairEveryMs: 3_000,
  repairGrowthRatio: 1 / 32,
  refitGrowth: 1.5,
  linkNeighbours: 10,
  resolution: null,
  maxAuthorsPerText: 20_000,
};

/** Refuses options with which the stream could not work. */
export function checkedStreamOptions(given: Partial<StreamOptions> = {}): StreamOptions {
  const options = { ...DEFAULT_STREAM, ...given };
  if (!(options.maxGroups >= 1) || !(options.bufferSize >= 16)) throw new InputError('a stream needs room for a group and 16 texts');
  return options;
}

/** Refuses a message whose time or value is no number: it would spoil every order after it. */
export function checkMessage({ occurredAtMs, valueMinor = 0 }: StreamMessage): void {
  if (!Number.isFinite(occurredAtMs)) throw new InputError(`${occurredAtMs} is not a time in ms`, { column: 'occurredAtMs' });
  if (!Number.isFinite(valueMinor) || valueMinor < 0)
    throw new InputError(`${valueMinor} is not a value >= 0 in minor units`, { column: 'valueMinor' });
}

export type QuestionGroup = {
  readonly id: number;
  /** Distinct authors over all texts of the group. */
  readonly askerCount: number;
  readonly textCount: number;
  readonly messageCount: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Sum over distinct askers of the greatest value each brought. */
  readonly valueMinor: number;
  /** Shortest text near the centre that a viewer wrote, in its original form. */
  readonly representative: string;
  readonly textIds: readonly number[];
};

/** One distinct text in the buffer, with all who sent it. */
export type HeldText = {
  readonly id: number;
  readonly original: string;
  readonly normalized: string;
  /** author -> greatest value at stake. */
  readonly authors: Map<string, number>;
  messageCount: number;
  readonly firstAtMs: number;
  lastAtMs: number;
  groupId: number;
  vector: SparseVector;
};

/** A text that has left the buffer, with the group it was in. */
export type LeftText = { readonly textId: number; readonly groupId: number };

export const NO_VECTOR: SparseVector = { indices: new Int32Array(0), values: new Float32Array(0) };
