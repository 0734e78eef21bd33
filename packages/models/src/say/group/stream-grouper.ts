// Groups of same-meaning messages over a live stream, number of groups unknown.
//
//   add      one pass, bounded work: an equal or nearly equal text adds its author to the text already there; a new text
//            joins the nearest running centroid above a cosine threshold, or opens a group.
//   repair   every few seconds over the bounded buffer of recent distinct texts: the space is learnt anew when the buffer
//            has grown enough, nearest neighbours are brought up to date, communities of the neighbour graph replace the
//            groups (this merges groups that belong together and splits loose ones), the smallest are merged by average
//            link down to the cap, and group ids carry over to the community that holds most of the old group.
//
// The buffer is the horizon and the decay: a text that leaves it takes its askers along. Time is an argument; randomness
// is one number drawn at the start, so that a snapshot taken up again goes on exactly as if nothing had happened.
import { InputError } from '../../input-error.ts';
import { seededUniform, type Uniform } from '../../math/seeded-random.ts';
import { NearDuplicates } from '../text/near-duplicates.ts';
import { DEFAULT_MAX_CHAT_CHARS, normalizeChat } from '../text/normalize-chat.ts';
import { mix } from '../text/text-features.ts';
import { capGroups } from './cap-groups.ts';
import { carryOverIds } from './carry-over-ids.ts';
import { chooseResolution } from './choose-resolution.ts';
import { compareGroups, describeGroup } from './describe-group.ts';
import { louvain, renumber } from './graph-communities.ts';
import { bytesToSaved, SNAPSHOT_VERSION, savedToBytes, textsToSaved } from './grouper-snapshot.ts';
import { MergedIds } from './merged-ids.ts';
import { symmetricGraph } from './neighbour-graph.ts';
import { PlacedStream } from './placed-stream.ts';
import { RunningCentres } from './running-centres.ts';
import {
  checkedStreamOptions,
  checkMessage,
  type HeldText,
  type LeftText,
  NO_VECTOR,
  type QuestionGroup,
  type StreamMessage,
  type StreamOptions,
} from './stream-types.ts';

const NOTHING_LEFT: readonly LeftText[] = [];

/** Of a longer message only this much is kept for display, as only this much is read. */
const MAX_SHOWN_CHARS = DEFAULT_MAX_CHAT_CHARS;

export class StreamGrouper {
  readonly options: StreamOptions;
  readonly #fitOn: readonly string[];
  readonly #duplicates = new NearDuplicates();
  #seed: number;
  #repairCount = 0;
  #texts: HeldText[] = [];
  #byId = new Map<number, HeldText>();
  #nextTextId = 0;
  #nextGroupId = 0;
  readonly #placed: PlacedStream;
  /** Texts there were when the space was last learnt. */
  #fittedTexts = 0;
  /** Chosen at the last refit; null = choose at the next repair. */
  #resolution: number | null = null;
  #centres = new RunningCentres(1);
  #mergedIds = new MergedIds();
  #repairedAtMs = Number.NEGATIVE_INFINITY;
  #newTexts = 0;
  /** Cards of groups nothing has changed in. */
  readonly #cards = new Map<number, QuestionGroup>();

  /** `fitOn` = unlabelled texts to learn the space from before anyone writes, e.g. the shop's FAQ. Draws once from `uniform`. */
  constructor(given: { readonly uniform: Uniform; readonly options?: Partial<StreamOptions>; readonly fitOn?: readonly string[] }) {
    this.options = checkedStreamOptions(given.options);
    this.#seed = Math.floor(given.uniform() * 0x1_0000_0000);
    this.#fitOn = given.fitOn ?? [];
    this.#placed = new PlacedStream(this.#fitOn, this.options.space);
    if (this.#fitOn.length > 0) {
      this.#placed.fit([], this.#seed);
      this.#rebuildCentres();
    }
  }

  get textCount(): number {
    return this.#texts.length;
  }

  /**
   * Takes one message. `isRepeat`: its text was there already, its author was added to it. `left`: texts that had to leave
   * the full buffer, each with its last group. Refuses a time or value that is no number.
   */
  add(message: StreamMessage): { textId: number; groupId: number; isRepeat: boolean; left: readonly LeftText[] } {
    checkMessage(message);
    const normalized = normalizeChat(message.text).text;
    const { id: known, signature } = this.#duplicates.find(normalized);
    const held = known === null ? undefined : this.#byId.get(known);
    if (held !== undefined) {
      this.#addAuthor(held, message);
      held.messageCount += 1;
      held.lastAtMs = Math.max(held.lastAtMs, message.occurredAtMs);
      this.#cards.delete(held.groupId);
      return { textId: held.id, groupId: held.groupId, isRepeat: true, left: NOTHING_LEFT };
    }
    const left = this.#texts.length >= this.options.bufferSize ? this.#evict() : NOTHING_LEFT;
    const added = this.#insert(message, normalized, signature);
    this.#newTexts += 1;
    return { textId: added.id, groupId: added.groupId, isRepeat: false, left };
  }

  /** Group of a text, or null when it has left the buffer. */
  groupOf(textId: number): number | null {
    return this.#byId.get(textId)?.groupId ?? null;
  }

  /** The id under which a group goes today, after merges; the same id when it was never merged. */
  currentGroupId(groupId: number): number {
    return this.#mergedIds.current(groupId);
  }

  /** Distinct authors of one text, or null when it has left the buffer. */
  askerCountOf(textId: number): number | null {
    return this.#byId.get(textId)?.authors.size ?? null;
  }

  isRepairDue(nowMs: number): boolean {
    const { repairEveryMs, repairGrowthRatio } = this.options;
    const sinceMs = nowMs - this.#repairedAtMs;
    if (this.#newTexts === 0 || sinceMs < repairEveryMs) return false;
    return this.#newTexts >= this.#texts.length * repairGrowthRatio || sinceMs >= 10 * repairEveryMs;
  }

  /** Regroups the buffer. Work: new texts x buffer x dims, and a share of n^2 x dims when the space is learnt anew. */
  repair(nowMs: number): void {
    this.#repairedAtMs = nowMs;
    if (this.#newTexts === 0 || this.#texts.length < 3) return;
    this.#newTexts = 0;
    this.#refitWhenGrown();
    const { linkNeighbours, resolution, maxGroups } = this.options;
    const count = this.#texts.length;
    const links = Math.min(linkNeighbours, Math.max(3, Math.floor(Math.log2(count))));
    const graph = symmetricGraph(this.#placed.neighbours(this.#texts, count, linkNeighbours), links);
    this.#repairCount += 1;
    const uniform = seededUniform(mix(this.#seed ^ mix(2 * this.#repairCount + 1)));
    this.#resolution = resolution ?? this.#resolution ?? chooseResolution(graph, uniform);
    const communities = louvain(graph, this.#resolution, uniform);
    const capped = renumber(capGroups(this.#placed.points, this.#placed.dims, communities, maxGroups)).groups;
    const before = this.#texts.map(({ groupId }) => groupId);
    const carried = carryOverIds(before, capped, () => this.#newGroupId());
    this.#mergedIds.note(before, carried);
    for (const [i, text] of this.#texts.entries()) text.groupId = carried[i] as number;
    this.#rebuildCentres();
  }

  /** Groups by distinct askers, then age (oldest first), then value at stake. Cheap when little has changed. */
  groups(): QuestionGroup[] {
    const members = new Map<number, number[]>();
    for (const [position, { groupId }] of this.#texts.entries()) {
      const list = members.get(groupId);
      if (list === undefined) members.set(groupId, [position]);
      else list.push(position);
    }
    return [...members].map(([id, positions]) => this.#cardOf(id, positions)).sort(compareGroups);
  }

  /** Everything needed to go on after a restart, as UTF-8 JSON with a version. Holds authors and texts: personal data. */
  snapshot(): Uint8Array {
    return savedToBytes({
      version: SNAPSHOT_VERSION,
      seed: this.#seed,
      ...this.#placed.learnt,
      repairCount: this.#repairCount,
      nextTextId: this.#nextTextId,
      nextGroupId: this.#nextGroupId,
      fitOnCount: this.#fitOn.length,
      fittedTexts: this.#fittedTexts,
      resolution: this.#resolution,
      repairedAtMs: Number.isFinite(this.#repairedAtMs) ? this.#repairedAtMs : null,
      newTexts: this.#newTexts,
      mergedIds: this.#mergedIds.entries,
      texts: textsToSaved(this.#texts),
    });
  }

  /**
   * Takes up a snapshot: with the same options and `fitOn`, what follows equals a grouper that never stopped. Costs what
   * learning the space costs. Refuses bytes that are not a snapshot of this version, and another number of `fitOn` texts.
   */
  static restore(bytes: Uint8Array, given: ConstructorParameters<typeof StreamGrouper>[0]): StreamGrouper {
    const saved = bytesToSaved(bytes);
    const grouper = new StreamGrouper(given);
    if (saved.fitOnCount !== grouper.#fitOn.length)
      throw new InputError(`the snapshot was learnt on ${saved.fitOnCount} given texts, not ${grouper.#fitOn.length}`);
    grouper.#seed = saved.seed;
    grouper.#repairCount = saved.repairCount;
    grouper.#nextTextId = saved.nextTextId;
    grouper.#nextGroupId = saved.nextGroupId;
    grouper.#repairedAtMs = saved.repairedAtMs ?? Number.NEGATIVE_INFINITY;
    grouper.#newTexts = saved.newTexts;
    grouper.#resolution = saved.resolution;
    grouper.#mergedIds = new MergedIds(saved.mergedIds);
    for (const { authors, ...rest } of saved.texts) {
      const text: HeldText = { ...rest, authors: new Map(authors), vector: NO_VECTOR };
      grouper.#texts.push(text);
      grouper.#byId.set(text.id, text);
      grouper.#duplicates.add(text.normalized, text.id);
    }
    if (saved.fitTexts !== null) {
      grouper.#placed.fit(saved.fitTexts, saved.seed, saved.fitCount);
      grouper.#fittedTexts = saved.fittedTexts;
      grouper.#placed.placeAll(grouper.#texts);
      grouper.#rebuildCentres();
      if (saved.graphCount > 0) grouper.#placed.neighbours(grouper.#texts, saved.graphCount, grouper.options.linkNeighbours);
    }
    return grouper;
  }

  #cardOf(id: number, positions: readonly number[]): QuestionGroup {
    const known = this.#cards.get(id);
    if (known !== undefined) return known;
    const { dims, points } = this.#placed;
    const positionOf = new Map(positions.map((position) => [this.#texts[position] as HeldText, position]));
    const card = describeGroup(id, [...positionOf.keys()], (text) =>
      dims === 0 ? 0 : this.#centres.cosine(id, points, (positionOf.get(text) as number) * dims),
    );
    this.#cards.set(id, card);
    return card;
  }

  #insert(message: StreamMessage, normalized: string, signature: Uint32Array | null): HeldText {
    const text: HeldText = {
      id: this.#nextTextId,
      original: message.text.slice(0, MAX_SHOWN_CHARS),
      normalized,
      authors: new Map(),
      messageCount: 1,
      firstAtMs: message.occurredAtMs,
      lastAtMs: message.occurredAtMs,
      groupId: -1,
      vector: NO_VECTOR,
    };
    this.#nextTextId += 1;
    this.#addAuthor(text, message);
    this.#texts.push(text);
    this.#byId.set(text.id, text);
    this.#duplicates.add(normalized, text.id, signature);
    text.groupId = this.#chooseGroup(text, this.#texts.length - 1);
    this.#cards.delete(text.groupId);
    return text;
  }

  #addAuthor(text: HeldText, { author, valueMinor = 0 }: StreamMessage): void {
    const before = text.authors.get(author);
    if (before === undefined && text.authors.size >= this.options.maxAuthorsPerText) return;
    text.authors.set(author, Math.max(before ?? 0, valueMinor));
  }

  /** The nearest centre, or a new group. At the cap the nearest takes it; the next repair thinks again. */
  #chooseGroup(text: HeldText, position: number): number {
    if (this.#placed.dims === 0) return this.#newGroupId();
    const { length, coverage } = this.#placed.placeAt(text, position);
    const { points, dims } = this.#placed;
    const nearest = length > 0 ? this.#centres.nearest(points, position * dims) : null;
    const fits = nearest !== null && nearest.cosine * Math.sqrt(coverage) >= this.options.threshold;
    const groupId = nearest !== null && (fits || this.#centres.count >= this.options.maxGroups) ? nearest.groupId : this.#newGroupId();
    this.#centres.add(groupId, points, position * dims);
    return groupId;
  }

  #rebuildCentres(): void {
    const { dims, points } = this.#placed;
    this.#centres = new RunningCentres(dims);
    for (const [position, { groupId }] of this.#texts.entries()) this.#centres.add(groupId, points, position * dims);
    this.#cards.clear();
  }

  #refitWhenGrown(): void {
    const count = this.#texts.length + this.#fitOn.length;
    if (this.#placed.dims > 0 && count < this.#fittedTexts * this.options.refitGrowth) return;
    this.#fittedTexts = count;
    this.#placed.fit(
      this.#texts.map(({ original }) => original),
      this.#seed,
    );
    this.#placed.placeAll(this.#texts);
    this.#resolution = null;
  }

  /** The quarter of the texts that was silent longest leaves; of equally old ones those with fewer askers. */
  #evict(): LeftText[] {
    const count = Math.ceil(this.options.bufferSize / 4);
    const leaving = new Set([...this.#texts].sort((a, b) => a.lastAtMs - b.lastAtMs || a.authors.size - b.authors.size).slice(0, count));
    const kept: number[] = [];
    for (const [position, text] of this.#texts.entries()) {
      if (!leaving.has(text)) kept.push(position);
      else {
        this.#byId.delete(text.id);
        this.#duplicates.remove(text.normalized, text.id);
      }
    }
    this.#texts = kept.map((position) => this.#texts[position] as HeldText);
    this.#placed.keep(kept);
    this.#fittedTexts = 0;
    this.#cards.clear();
    if (this.#placed.dims > 0) this.#rebuildCentres();
    return [...leaving].map(({ id, groupId }) => ({ textId: id, groupId }));
  }

  #newGroupId(): number {
    this.#nextGroupId += 1;
    return this.#nextGroupId - 1;
  }
}
