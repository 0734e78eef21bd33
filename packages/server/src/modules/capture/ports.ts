import type {
  AnswerData,
  ParsedRequest,
  Permission,
  ProductId,
  RejectedEvent,
  RejectedEventCount,
  RequestType,
  Role,
  SessionId,
  ShowId,
  ViewerId,
} from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Sql } from '../../platform/postgres/database.ts';

/** What a session in the room tells about itself. */
export type CaptureSession = {
  readonly sessionId: SessionId;
  readonly showId: ShowId;
  readonly orgId: string;
  readonly viewerId: ViewerId;
  readonly role: 'viewer' | Role;
  readonly isSimulated: boolean;
};

/** One row of the room hub's handler table. */
export type SocketHandler<T extends RequestType, Session> = {
  readonly permission: Permission | null;
  handle(session: Session, data: ParsedRequest<T>): Promise<Outcome<AnswerData<T>>>;
};

/** Tells whether a product belongs to a show, so that nobody can make rows for ids of his own invention. */
export type IsInLineUp = (showId: ShowId, productId: ProductId) => boolean | Promise<boolean>;

/** Keeps what the events of a table of the log add up to, before it is dropped; false when it is too early for that. */
export type SetAside = (tx: Sql, source: string) => Promise<boolean>;

/** Rejects of one organization; those of none are shown to nobody. */
export type Rejects = {
  newest(orgId: string, page: { before: number | null; limit: number }): Promise<RejectedEvent[]>;
  counts(orgId: string, nowMs: number): Promise<RejectedEventCount[]>;
};
