// The gate of the log: only what fits its schema and what Postgres can hold goes in. jsonb refuses U+0000 and half a
// surrogate pair, and one such row would fail the whole batch it travels in, so they are turned away here.
import { type EventName, eventDefinitions, type Fact, factSchema } from '@insp/protocol/schemas';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

/** Tells whether a name is in the registry (and not, say, `__proto__`). */
export function isEventName(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(eventDefinitions, name);
}

/** Checks envelope, name, version and payload. The detail names the place of the first fault. */
export function validateFact(candidate: unknown): Outcome<Fact> {
  const envelope = factSchema.safeParse(candidate);
  if (!envelope.success) return invalid('', envelope.error.issues[0]);
  const fact = envelope.data;
  if (!isEventName(fact.name)) return refused('INSP_CAPTURE_EVENT_INVALID', { detail: `name: unknown event ${fact.name.slice(0, 60)}` });
  const definition = eventDefinitions[fact.name];
  if (fact.v !== definition.v) return refused('INSP_CAPTURE_EVENT_INVALID', { detail: `v: ${fact.name} has version ${definition.v}` });
  const payload = definition.payload.safeParse(fact.payload);
  if (!payload.success) return invalid('payload.', payload.error.issues[0]);
  const unstorable = findUnstorableText(fact, '');
  if (unstorable) return refused('INSP_CAPTURE_EVENT_INVALID', { detail: `${unstorable}: text that cannot be stored` });
  return accepted({ ...fact, payload: payload.data } as Fact);
}

function invalid(prefix: string, issue: { path: PropertyKey[]; message: string } | undefined) {
  return refused('INSP_CAPTURE_EVENT_INVALID', { detail: `${prefix}${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` });
}

function findUnstorableText(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = findUnstorableText(inner, path === '' ? key : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}
