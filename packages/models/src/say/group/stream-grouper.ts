// Groups of same-meaning messages over a live stream, number of groups unknown.
//
//   add      one pass, bounded work: an equal or nearly equal text adds its author to the text already there; a new text
//            joins the nearest running centroid above a cosine threshold, or opens a group.
//   repair   every few seconds over the bounded buffer of recent distinct texts: the space is learnt anew when the buffer
//            has grown by half, nearest neighbours are brought up to date, communities of the neighbour graph replace the
//            groups (this merges groups that belong together and splits loose ones), the smallest are merged by average link down to the cap, and group ids carry over
//            to the community that holds most of the old group.
//
// The buffer is the horizon: a text that leaves it takes its askers along. Time and randomness are arguments.
import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { NearDuplicates } from '../text/near-duplicates.ts';
import { normalizeChat } from '../text/normalize-chat.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
import { capGroups } from './cap-groups.ts';
import { carryOverIds } from './carry-over-ids.ts';
import { louvain, renumber } from './graph-communities.ts';
import { bytesToJson, jsonToBytes } from './json-bytes.ts';
import { extendNeighbours, type NeighbourGraph, symmetricGraph } from './neighbour-graph.ts';
import { rowDot } from './spherical-k-means.ts';
import { DEFAULT_TEXT_SPACE, TextSpace, type TextSpaceOptions } from './text-space.ts';

export type StreamMessage = {
  readonly text: string;
  readonly author: string;
  readonly occurredAtMs: number;
  /** Value at stake, e.g. the asker's basket; minor units of one currency. Default 0. */
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
  /** The space is learnt anew when the buffer is this much larger than at the last time. */
  readonly refitGrowth: number;
  /** Neighbours that link two texts in the graph, and the resolution of its communities. */
  readonly linkNeighbours: number;
  readonly resolution: number;
  /** A text sent by more people than this counts no more of them (a bound on memory). */
  readonly maxAuthorsPerText: number;
};

export const DEFAULT_STREAM: StreamOptions = {
  space: { ...DEFAULT_TEXT_SPACE, svd: { rank: 100, oversample: 10, iterations: 2 } },
  threshold: 0.5,
  maxGroups: 150,
  bufferSize: 4_096,
  repairEveryMs: 3_000,
  refitGrowth: 1.25,
  linkNeighbours: 7,
  resolution: 5,
  maxAuthorsPerText: 20_000,
};

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

type Item = {
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

const SNAPSHOT_VERSION = 1;

type SavedItem = Omit<Item, 'vector' | 'authors'> & { readonly authors: readonly [string, number][] };
type Saved = { readonly version: number; readonly nextTextId: number; readonly nextGroupId: number; readonly items: readonly SavedItem[] };

function parseSnapshot(bytes: Uint8Array): Saved {
  let saved: Saved;
  try {
    saved = bytesToJson(bytes) as Saved;
  } catch {
    throw new InputError('the bytes are not a snapshot of a stream grouper');
  }
  if (saved?.version !== SNAPSHOT_VERSION || !Array.isArray(saved.items)) {
    throw new InputError(`the snapshot is of version ${saved?.version}, not ${SNAPSHOT_VERSION}`);
  }
  return saved;
}

const NO_VECTOR: SparseVector = { indices: new Int32Array(0), values: new Float32Array(0) };

export class StreamGrouper {
  readonly options: StreamOptions;
  readonly #uniform: Uniform;
  readonly #fitOn: readonly string[];
  readonly #duplicates: NearDuplicates;
  #items: Item[] = [];
  #byId = new Map<number, Item>();
  #nextTextId = 0;
  #nextGroupId = 0;
  #space: TextSpace | null = null;
  #fittedTexts = 0;
  #points: Float32Array = new Float32Array(0);
  #graph: NeighbourGraph | null = null;
  #centres = new Map<number, { sum: Float32Array; unit: Float32Array }>();
  #repairedAtMs = Number.NEGATIVE_INFINITY;
  #changedSinceRepair = false;

  constructor(given: { readonly uniform: Uniform; readonly options?: Partial<StreamOptions>; readonly fitOn?: readonly string[] }) {
    this.options = { ...DEFAULT_STREAM, ...given.options };
    if (this.options.maxGroups < 1 || this.options.bufferSize < 16) throw new InputError('a stream needs room for a group and 16 texts');
    this.#uniform = given.uniform;
    this.#fitOn = given.fitOn ?? [];
    this.#duplicates = new NearDuplicates();
    if (this.#fitOn.length > 0) this.#space = TextSpace.fit(this.#fitOn, this.#uniform, this.options.space);
  }

  /** Everything needed to go on after a restart, as UTF-8 JSON with a version. Holds authors and texts: personal data. */
  snapshot(): Uint8Array {
    const items = this.#items.map(({ vector: _vector, authors, ...rest }) => ({ ...rest, authors: [...authors] }));
    return jsonToBytes({ version: SNAPSHOT_VERSION, nextTextId: this.#nextTextId, nextGroupId: this.#nextGroupId, items });
  }

  /** Takes up a snapshot; the space is learnt anew from its texts. Refuses bytes that are not a snapshot of this version. */
  static restore(bytes: Uint8Array, given: ConstructorParameters<typeof StreamGrouper>[0]): StreamGrouper {
    const grouper = new StreamGrouper(given);
    const saved = parseSnapshot(bytes);
    grouper.#nextTextId = saved.nextTextId;
    grouper.#nextGroupId = saved.nextGroupId;
    for (const { authors, ...rest } of saved.items) {
      const item: Item = { ...rest, authors: new Map(authors), vector: NO_VECTOR };
      grouper.#items.push(item);
      grouper.#byId.set(item.id, item);
      grouper.#duplicates.add(item.normalized, item.id, grouper.#duplicates.find(item.normalized).signature);
    }
    if (grouper.#items.length > 0) {
      grouper.#refitWhenGrown();
      grouper.#rebuildCentres();
    }
    return grouper;
  }

  get textCount(): number {
    return this.#items.length;
  }

  /** Takes one message. `isRepeat`: its text was there already, its author was added to it. */
  add(message: StreamMessage): { textId: number; groupId: number; isRepeat: boolean } {
    const normalized = normalizeChat(message.text).text;
    const { id: known, signature } = this.#duplicates.find(normalized);
    const item = known === null ? undefined : this.#byId.get(known);
    if (item !== undefined) {
      this.#addAuthor(item, message);
      item.messageCount += 1;
      item.lastAtMs = Math.max(item.lastAtMs, message.occurredAtMs);
      return { textId: item.id, groupId: item.groupId, isRepeat: true };
    }
    if (this.#items.length >= this.options.bufferSize) this.#evict();
    const added = this.#insert(message, normalized, signature);
    this.#changedSinceRepair = true;
    return { textId: added.id, groupId: added.groupId, isRepeat: false };
  }

  /** Group of a text, or null when it has left the buffer. */
  groupOf(textId: number): number | null {
    return this.#byId.get(textId)?.groupId ?? null;
  }

  /** Distinct authors of one text, or null when it has left the buffer. */
  askerCountOf(textId: number): number | null {
    return this.#byId.get(textId)?.authors.size ?? null;
  }

  isRepairDue(nowMs: number): boolean {
    return this.#changedSinceRepair && nowMs - this.#repairedAtMs >= this.options.repairEveryMs;
  }

  /** Regroups the buffer. Work: new texts x buffer x dims, and a share of n^2 x dims when the space is learnt anew. */
  repair(nowMs: number): void {
    this.#repairedAtMs = nowMs;
    if (!this.#changedSinceRepair || this.#items.length < 3) return;
    this.#changedSinceRepair = false;
    this.#refitWhenGrown();
    const dims = (this.#space as TextSpace).dims;
    const { linkNeighbours, resolution, maxGroups } = this.options;
    const points = this.#points.subarray(0, this.#items.length * dims);
    const rows = this.#items.map(({ vector }) => vector);
    const placed = { points, dims, rows, featureCount: (this.#space as TextSpace).featureCount };
    this.#graph = extendNeighbours(this.#graph, placed, linkNeighbours);
    const communities = louvain(symmetricGraph(this.#graph, linkNeighbours), resolution, this.#uniform);
    const capped = renumber(capGroups(points, dims, communities, maxGroups)).groups;
    const before = this.#items.map(({ groupId }) => groupId);
    const carried = carryOverIds(before, capped, () => this.#newGroupId());
    for (const [i, item] of this.#items.entries()) item.groupId = carried[i] as number;
    this.#rebuildCentres();
  }

  /** Groups by distinct askers, then age (oldest first), then value at stake. */
  groups(): QuestionGroup[] {
    const members = new Map<number, Item[]>();
    for (const item of this.#items) {
      const list = members.get(item.groupId);
      if (list === undefined) members.set(item.groupId, [item]);
      else list.push(item);
    }
    const groups = [...members].map(([id, items]) => this.#describe(id, items));
    return groups.sort((a, b) => b.askerCount - a.askerCount || a.firstAtMs - b.firstAtMs || b.valueMinor - a.valueMinor || a.id - b.id);
  }

  #describe(id: number, items: readonly Item[]): QuestionGroup {
    const authors = new Map<string, number>();
    for (const item of items) {
      for (const [author, value] of item.authors) authors.set(author, Math.max(authors.get(author) ?? 0, value));
    }
    return {
      id,
      askerCount: authors.size,
      textCount: items.length,
      messageCount: items.reduce((sum, item) => sum + item.messageCount, 0),
      firstAtMs: Math.min(...items.map((item) => item.firstAtMs)),
      lastAtMs: Math.max(...items.map((item) => item.lastAtMs)),
      valueMinor: [...authors.values()].reduce((sum, value) => sum + value, 0),
      representative: this.#representative(id, items),
      textIds: items.map((item) => item.id),
    };
  }

  /** Shortest text among the third of the group (at least one) that lies nearest to its centre. */
  #representative(groupId: number, items: readonly Item[]): string {
    const centre = this.#centres.get(groupId);
    const space = this.#space;
    if (centre === undefined || space === null) return (items[0] as Item).original;
    const scratch = new Float32Array(space.dims);
    const near = items
      .map((item) => ({ item, cosine: space.place(item.original, scratch) > 0 ? rowDot(scratch, 0, centre.unit, 0, space.dims) : -1 }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, Math.ceil(items.length / 3));
    return near.reduce((best, { item }) => (item.original.length < best.original.length ? item : best), (near[0] as { item: Item }).item)
      .original;
  }

  #insert(message: StreamMessage, normalized: string, signature: Uint32Array | null): Item {
    const item: Item = {
      id: this.#nextTextId,
      original: message.text,
      normalized,
      authors: new Map(),
      messageCount: 1,
      firstAtMs: message.occurredAtMs,
      lastAtMs: message.occurredAtMs,
      groupId: -1,
      vector: NO_VECTOR,
    };
    this.#nextTextId += 1;
    this.#addAuthor(item, message);
    this.#items.push(item);
    this.#byId.set(item.id, item);
    this.#duplicates.add(normalized, item.id, signature);
    this.#place(item, this.#items.length - 1);
    return item;
  }

  #addAuthor(item: Item, { author, valueMinor = 0 }: StreamMessage): void {
    const before = item.authors.get(author);
    if (before === undefined && item.authors.size >= this.options.maxAuthorsPerText) return;
    item.authors.set(author, Math.max(before ?? 0, valueMinor));
  }

  /** Joins the nearest centre, or opens a group. At the cap the nearest takes it; the next repair thinks again. */
  #place(item: Item, position: number): void {
    const space = this.#space;
    if (space === null) {
      item.groupId = this.#newGroupId();
      return;
    }
    const { dims } = space;
    this.#reserve(position + 1, dims);
    const { length, coverage, vector } = space.placeNormalized(item.normalized, this.#points, position * dims);
    item.vector = vector;
    let best = -1;
    let bestCosine = Number.NEGATIVE_INFINITY;
    if (length > 0) {
      for (const [id, { unit }] of this.#centres) {
        const cosine = rowDot(this.#points, position * dims, unit, 0, dims);
        if (cosine > bestCosine) {
          bestCosine = cosine;
          best = id;
        }
      }
    }
    const fits = best >= 0 && bestCosine * Math.sqrt(coverage) >= this.options.threshold;
    item.groupId = fits || (best >= 0 && this.#centres.size >= this.options.maxGroups) ? best : this.#newGroupId();
    this.#addToCentre(item.groupId, position);
  }

  #addToCentre(groupId: number, position: number): void {
    const dims = (this.#space as TextSpace).dims;
    const centre = this.#centres.get(groupId) ?? { sum: new Float32Array(dims), unit: new Float32Array(dims) };
    this.#centres.set(groupId, centre);
    let square = 0;
    for (let d = 0; d < dims; d += 1) {
      const value = (centre.sum[d] as number) + (this.#points[position * dims + d] as number);
      centre.sum[d] = value;
      square += value * value;
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let d = 0; d < dims; d += 1) centre.unit[d] = (centre.sum[d] as number) * scale;
  }

  #rebuildCentres(): void {
    this.#centres = new Map();
    for (const [position, item] of this.#items.entries()) this.#addToCentre(item.groupId, position);
  }

  #refitWhenGrown(): void {
    const texts = this.#items.length + this.#fitOn.length;
    if (this.#space !== null && texts < this.#fittedTexts * this.options.refitGrowth) return;
    this.#fittedTexts = texts;
    const originals = this.#items.map(({ original }) => original);
    this.#space = TextSpace.fit([...this.#fitOn, ...originals], this.#uniform, this.options.space);
    const { points, rows } = this.#space.placeAll(originals);
    this.#points = points;
    for (const [i, item] of this.#items.entries()) item.vector = rows[i] as SparseVector;
    this.#graph = null;
  }

  /** The quarter of the texts that was silent longest leaves; of equally old ones those with fewer askers. */
  #evict(): void {
    const count = Math.ceil(this.options.bufferSize / 4);
    const leaving = new Set([...this.#items].sort((a, b) => a.lastAtMs - b.lastAtMs || a.authors.size - b.authors.size).slice(0, count));
    const dims = this.#space?.dims ?? 0;
    const kept: Item[] = [];
    for (const [position, item] of this.#items.entries()) {
      if (leaving.has(item)) {
        this.#byId.delete(item.id);
        this.#duplicates.remove(item.normalized, item.id);
        continue;
      }
      this.#points.copyWithin(kept.length * dims, position * dims, (position + 1) * dims);
      kept.push(item);
    }
    this.#items = kept;
    this.#graph = null;
    this.#fittedTexts = 0;
    if (this.#space !== null) this.#rebuildCentres();
  }

  #reserve(rows: number, dims: number): void {
    if (this.#points.length >= rows * dims) return;
    const larger = new Float32Array(Math.max(64, rows * 2) * dims);
    larger.set(this.#points);
    this.#points = larger;
  }

  #newGroupId(): number {
    this.#nextGroupId += 1;
    return this.#nextGroupId - 1;
  }
}
