// What chat needs of the others, as narrow as it uses it.
import type {
  AnswerData,
  Channel,
  Fact,
  ModeratedMessage,
  OrgId,
  ParsedRequest,
  Permission,
  ProductId,
  PushData,
  PushType,
  RequestType,
  Role,
  ShowId,
  ShowState,
  ViewerId,
} from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';

/** Who speaks: the room's session. */
export type ChatSession = {
  readonly showId: ShowId;
  readonly orgId: OrgId;
  readonly viewerId: ViewerId;
  readonly memberId: string | null;
  readonly role: 'viewer' | Role;
  readonly displayName: string;
  readonly customerId: string | null;
  readonly isSimulated: boolean;
};

/** One row of the room hub's handler table. */
export type ChatHandler<T extends RequestType> = {
  readonly permission: Permission | null;
  handle(session: ChatSession, data: ParsedRequest<T>): Promise<Outcome<AnswerData<T>>>;
};

/** The room hub's side of talking to everybody. */
export type RoomPublisher = {
  publish<T extends PushType>(showId: ShowId, channel: Channel, type: T, data: PushData<T>): void;
  publishLatest<T extends PushType>(showId: ShowId, channel: Channel, type: T, data: PushData<T>): void;
  renameViewer(showId: ShowId, viewerId: ViewerId, displayName: string): void;
};

/** Rows and facts in one transaction (capture). */
export type FactRecorder = { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };
/** Counts that may be batched (capture). */
export type EngagementAcceptor = { accept(facts: Fact[]): unknown };

type MaybeAsync<T> = T | Promise<T>;

export type ChatPorts = {
  readonly room: RoomPublisher;
  readonly recorder: FactRecorder;
  readonly engagement: EngagementAcceptor;
  /** Null for a show that does not exist. Asked once for each group of messages, so it may read the store. */
  showState(showId: ShowId): MaybeAsync<ShowState | null>;
  featuredProductId(showId: ShowId): MaybeAsync<ProductId | null>;
  isBuyer(showId: ShowId, viewerId: ViewerId): MaybeAsync<boolean>;
  /** Names nobody may imitate: the brand, the host, the members. */
  staffNames(showId: ShowId): MaybeAsync<readonly string[]>;
  /** Names people chose themselves, for all shows of the organization (viewers); who chose none is absent. */
  chosenNames(orgId: OrgId, viewerIds: readonly ViewerId[]): Promise<ReadonlyMap<ViewerId, string>>;
  chooseName(orgId: OrgId, viewerId: ViewerId, name: string): Promise<void>;
  /** Somebody in the room now, by presence. */
  findInRoom(showId: ShowId, viewerId: ViewerId): { displayName: string; role: 'viewer' | Role } | null;
  /** Reactions of a show so far, by kind (aggregates). */
  reactionTotals(showId: ShowId): Promise<Readonly<Record<string, number>>>;
};

/** A message with all that is kept of it. */
export type ArchivedMessage = {
  readonly message: ModeratedMessage;
  readonly showId: ShowId;
  readonly orgId: OrgId;
  readonly viewerId: ViewerId;
  readonly customerId: string | null;
  readonly featuredProductId: ProductId | null;
};

/** How fast chat speaks to viewers; changes while it runs (pressure). */
export type ChatPace = {
  /** Lines shown to viewers in a second and room; null = all. */
  readonly chatLinesPerSec: number | null;
  readonly reactionsEveryMs: number;
};
export const NORMAL_CHAT_PACE: ChatPace = { chatLinesPerSec: null, reactionsEveryMs: 250 };
