// What could not become an event, as the organization it was sent for sees it.
import * as z from 'zod';
import { epochMsSchema } from './basics.ts';

export const rejectedEventSchema = z.strictObject({
  id: z.int(),
  receivedAt: epochMsSchema,
  /** As claimed; null where the rejected thing named none. */
  eventId: z.string().nullable(),
  eventName: z.string().nullable(),
  reason: z.string(),
  /** The rejected thing as text, cut at 4,000 characters. */
  body: z.string(),
});

/** Every reject of the last 30 days is counted, also those whose letter was not kept. */
export const rejectedEventCountSchema = z.strictObject({
  eventName: z.string().nullable(),
  reason: z.string(),
  rejectedCount: z.int(),
  lastAt: epochMsSchema,
});

export type RejectedEvent = z.infer<typeof rejectedEventSchema>;
export type RejectedEventCount = z.infer<typeof rejectedEventCountSchema>;
