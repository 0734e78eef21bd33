// What realtime needs of the world. It carries messages and understands none: who somebody is, what a request
// does and what a room looks like are answered by others.
import type {
  AnswerData,
  CustomerId,
  Fact,
  ParsedRequest,
  Permission,
  RequestType,
  Role,
  RoomSnapshot,
  SessionId,
  ShowId,
  ViewerId,
} from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';

export type RoomRole = 'viewer' | Role;

/** Who a token speaks for. */
export type VerifiedSession = {
  readonly sessionId: SessionId;
  readonly showId: ShowId;
  readonly orgId: string;
  readonly viewerId: ViewerId;
  readonly memberId: string | null;
  readonly role: RoomRole;
  readonly displayName: string;
  readonly customerId: CustomerId | null;
  readonly isSimulated: boolean;
  /** Where the viewer came from: `direct`, or the `src` of a link. */
  readonly source: string;
  readonly device?: string;
  readonly isReturning?: boolean;
  /** When the token runs out, epoch ms; absent = never. */
  readonly expiresAtMs?: number;
};

/** `origin`: of the page that asks; refused when the session is of another. */
export type VerifySession = (token: string, origin: string | null) => Promise<Outcome<VerifiedSession>>;

/** The room as a role sees it. Shared by all sessions of that role who come in at about the same time. */
export type SnapshotProvider = (room: { showId: ShowId; orgId: string; role: RoomRole }) => Promise<RoomSnapshot>;

/** Takes money out of what a role without `turnover.read` receives. */
export type Redact = <T>(data: T) => T;

export type FactAcceptor = { accept(facts: Fact[]): unknown };

export type HandledRequestType = Exclude<RequestType, 'hello'>;

/** One row of the handler table. `permission: null` = any viewer. */
export type RequestHandler<T extends RequestType> = {
  readonly permission: Permission | null;
  handle(session: VerifiedSession, data: ParsedRequest<T>): Promise<Outcome<AnswerData<T>>>;
};
export type RequestHandlers = { [T in HandledRequestType]?: RequestHandler<T> };

/** One text frame, built once and written to many sockets. */
export type Frame = { readonly text: string; readonly sizeBytes: number };

/** How fast and to whom the room speaks; changes while it runs (pressure). */
export type RoomPace = {
  /** Frames of a stream, and of latest values, go out at most this often per room. */
  readonly streamFlushMs: number;
  readonly cacheFlushMs: number;
  /** Viewers are told how many watch; staff always are. */
  readonly tellsPresence: boolean;
  /** Viewers who were not here a moment ago may come in. */
  readonly takesNewViewers: boolean;
};

/** A socket as the hub sees it; the real one is in platform/ws, the tests' one is the socket pair. */
export type Connection = {
  readonly remoteAddress: string;
  /** The page the browser says it is on; null outside browsers. */
  readonly origin: string | null;
  send(frame: Frame): void;
  close(code: number, reason: string): void;
  /** Ends it without a handshake. */
  terminate(): void;
  ping(): void;
  /** Bytes written and not yet taken by the other side. */
  bufferedBytes(): number;
};

/** What a connection tells the hub. After `closed` it says nothing more. */
export type ConnectionListener = {
  /** One text frame. */
  receive(text: string): void;
  ponged(): void;
  closed(): void;
};

/** Somebody in the room now. One entry per viewer id, however many tabs. */
export type PresenceEntry = {
  readonly viewerId: ViewerId;
  readonly sessionId: SessionId;
  readonly role: RoomRole;
  readonly displayName: string;
  readonly joinedAtMs: number;
  readonly source: string;
  readonly customerId: CustomerId | null;
  readonly isSimulated: boolean;
  readonly isReturning: boolean;
};
