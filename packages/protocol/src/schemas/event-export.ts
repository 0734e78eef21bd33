// A show's raw events as NDJSON: one header, the events in log order, one trailer. A file without its trailer is torn;
// one with it holds every event of the show whose transaction ended before `belowXid`, and no other.
//
//   {"line":"header","format":"insp-events","formatVersion":1,"showId":"shw_...","belowXid":"4711", ...}
//   {"line":"event","name":"product.clicked","code":51,"seq":17, ... the stored event ... }
//   {"line":"trailer","eventCount":1,"skippedCount":0}
import * as z from 'zod';
import { epochMsSchema, idSchema, orgIdSchema } from './basics.ts';
import { EVENT_STREAMS } from './events.ts';

export const EXPORT_FORMAT = 'insp-events';
export const EXPORT_FORMAT_VERSION = 1;

export const exportHeaderSchema = z.object({
  line: z.literal('header'),
  format: z.literal(EXPORT_FORMAT),
  formatVersion: z.int(),
  showId: idSchema('shw'),
  orgId: orgIdSchema,
  exportedAt: epochMsSchema,
  /** The position: complete for every transaction below this id, and nothing above. */
  belowXid: z.string(),
  /** False when amounts of orders and refunds were left out (`amountMinor` is null there). */
  hasTurnover: z.boolean(),
});

/** What a line adds to the stored event (events.schema.json). */
export const exportEventSchema = z.looseObject({
  line: z.literal('event'),
  name: z.string(),
  code: z.int(),
  stream: z.enum(EVENT_STREAMS),
  seq: z.int(),
  amountMinor: z.int().nullable(),
});

export const exportTrailerSchema = z.object({
  line: z.literal('trailer'),
  eventCount: z.int(),
  /** Events of types this version does not know: a newer one wrote them and can export them. */
  skippedCount: z.int(),
});

export type ExportHeader = z.infer<typeof exportHeaderSchema>;
export type ExportTrailer = z.infer<typeof exportTrailerSchema>;
