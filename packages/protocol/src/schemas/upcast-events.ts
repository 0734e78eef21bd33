// Older payloads lifted to the present version, one step at a time, when they are read; stored rows are never rewritten.
// A payload of a newer version than ours passes as it is, with the fields we do not know: we keep what we cannot read.
import type { EventName } from './events.ts';

type Payload = Readonly<Record<string, unknown>>;
/** For each event the step from v1 to v2, from v2 to v3 ... What is missing stays as it was. */
export type EventUpcasts = Partial<Record<EventName, readonly ((payload: Payload) => Payload)[]>>;

/** Every event is at v1 today; a test asks for a step whenever one goes up. */
export const EVENT_UPCASTS: EventUpcasts = {};

/** Lifts a payload stored at version `v` to the newest there is a step for. */
export function upcastPayload(name: EventName, v: number, payload: Payload, upcasts: EventUpcasts = EVENT_UPCASTS): Payload {
  return (upcasts[name] ?? []).slice(Math.max(0, v - 1)).reduce((lifted, step) => step(lifted), payload);
}
