// Fact -> row of the log, and back. Adds what is derived at ingest and never again: time of receipt, time buckets,
// the viewer's HyperLogLog stamp, and two things lifted out of the payload so that aggregates can key by them.
//
// Clocks: `occurredAt` is when it happened. Engagement comes from clients with clocks of their own, so it is clamped
// to the hours before receipt; all else comes from our own code or a signed shop message and may be any time in the
// past, but never in the future. Buckets follow the clamped time: a late order counts in the minute it was placed.
import { DAY_MS, dayBucket, hllStamp, minuteBucket, SALT_COUNT_MAX, saltOf, tenSecondBucket } from '@insp/dataflow';
import { type EventName, type EventStream, eventDefinitions, type Fact, type StoredEvent, upcastPayload } from '@insp/protocol/schemas';

/** How far behind its receipt an engagement event may claim to have happened: a phone that was offline reports later. */
export const MAX_LATE_MS = 6 * 3_600_000;

/** Payload fields that name what an event is about; the first present becomes `subject_id`. */
const SUBJECT_FIELDS = ['orderId', 'messageId', 'sessionId', 'cueId', 'questionClusterId', 'broadcastId'] as const;

export type LogRow = {
  id: string;
  stream: EventStream;
  /** Day of the partition: a function of the id alone. */
  log_day: number;
  type: number;
  v: number;
  occurred_at_ms: number;
  received_at_ms: number;
  b10s: number;
  b1m: number;
  b1d: number;
  salt: number;
  org_id: string;
  show_id: string | null;
  viewer_id: string | null;
  product_id: string | null;
  highlight_id: string | null;
  subject_id: string | null;
  kind: string | null;
  currency: string | null;
  amount_minor: number;
  weight: number;
  is_simulated: boolean;
  hb: number | null;
  hr: number | null;
  actor_kind: string;
  actor_id: string | null;
  props: object;
};

/** Clamps the time a fact claims to have happened. */
export function clampOccurredAt(stream: EventStream, occurredAtMs: number, receivedAtMs: number): number {
  const notFuture = Math.min(occurredAtMs, receivedAtMs);
  return stream === 'engage' ? Math.max(notFuture, receivedAtMs - MAX_LATE_MS) : notFuture;
}

/** Days since 1970-01-01 of the time inside an id (48 bits of ms, RFC 9562 section 5.7). */
export const logDayOf = (id: string): number => Math.floor(Number.parseInt(id.slice(4, 16), 16) / DAY_MS);

/** The row of a validated fact received at `receivedAtMs`. */
export function factToLogRow(fact: Fact, receivedAtMs: number): LogRow {
  const { code, stream } = eventDefinitions[fact.name];
  const occurredAtMs = clampOccurredAt(stream, fact.occurredAt, receivedAtMs);
  const stamp = fact.viewerId === null ? null : hllStamp(fact.viewerId);
  const payload = fact.payload as Record<string, unknown>;
  const subjectField = SUBJECT_FIELDS.find((field) => typeof payload[field] === 'string');
  return {
    id: fact.id,
    stream,
    log_day: logDayOf(fact.id),
    type: code,
    v: fact.v,
    occurred_at_ms: occurredAtMs,
    received_at_ms: receivedAtMs,
    b10s: tenSecondBucket(occurredAtMs),
    b1m: minuteBucket(occurredAtMs),
    b1d: dayBucket(occurredAtMs),
    // As fine as it gets; a log that spreads a show over fewer partitions takes the remainder.
    salt: saltOf(fact.viewerId, SALT_COUNT_MAX),
    org_id: fact.orgId,
    show_id: fact.showId,
    viewer_id: fact.viewerId,
    product_id: fact.productId,
    highlight_id: fact.highlightId,
    subject_id: subjectField === undefined ? null : (payload[subjectField] as string),
    kind: fact.kind,
    currency: typeof payload.currency === 'string' ? payload.currency : null,
    amount_minor: fact.amountMinor,
    weight: fact.weight,
    is_simulated: fact.isSimulated,
    hb: stamp?.bucket ?? null,
    hr: stamp?.rank ?? null,
    actor_kind: fact.actor.kind,
    actor_id: fact.actor.id,
    props: payload,
  };
}

const NAME_BY_CODE: ReadonlyMap<number, EventName> = new Map(
  Object.entries(eventDefinitions).map(([name, { code }]) => [code, name as EventName]),
);

/** The code stored for a name. */
export const codeOf = (name: EventName): number => eventDefinitions[name].code;

/**
 * A stored row as its event, at the version of today; fields this version does not know are kept. Null for a type it
 * does not know (written by a newer one): readers skip it.
 */
export function logRowToEvent(row: LogRow & { seq: number }): StoredEvent | null {
  const name = NAME_BY_CODE.get(row.type);
  if (name === undefined) return null;
  return {
    id: row.id,
    name,
    v: Math.max(row.v, eventDefinitions[name].v),
    orgId: row.org_id,
    showId: row.show_id,
    occurredAt: row.occurred_at_ms,
    receivedAt: row.received_at_ms,
    seq: row.seq,
    actor: { kind: row.actor_kind, id: row.actor_id },
    isSimulated: row.is_simulated,
    viewerId: row.viewer_id,
    productId: row.product_id,
    highlightId: row.highlight_id,
    kind: row.kind,
    amountMinor: row.amount_minor,
    weight: row.weight,
    payload: upcastPayload(name, row.v, row.props as Record<string, unknown>),
  } as StoredEvent;
}
