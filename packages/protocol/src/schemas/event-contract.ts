// The event contract as plain data: JSON Schema of the envelope and of every payload, codes, versions, streams, and
// the columns of the log. Made from the zod source and from nothing else. It is what readers outside get
// (docs/reference/events.schema.json) and what a release keeps (released/), so that later sources can be held to it.
//
// Writers are strict and readers open: our own gate refuses a field it does not know, but the contract never forbids
// one, because a newer writer may add it and an older reader must keep it.
import * as z from 'zod';
import { epochMsSchema } from './basics.ts';
import { type EventStream, eventDefinitions, factSchema } from './events.ts';
import { type JsonSchema, logRecordSchema, type SqlColumn, sqlColumnsOf } from './log-record.ts';

export type EventDescription = { code: number; v: number; stream: EventStream; doc: string; payload: JsonSchema };
export type EventContract = {
  readonly envelope: JsonSchema;
  readonly events: Readonly<Record<string, EventDescription>>;
  readonly columns: readonly SqlColumn[];
};

/** An event as readers get it: the fact, when it was received, and its place in the log. */
const storedEnvelope = factSchema.extend({ receivedAt: epochMsSchema, seq: z.int().min(1) });

/** Without what says that nothing else may be there: see the head of the file. */
function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return openUp(rest) as JsonSchema;
}

function openUp(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(openUp);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => !(key === 'additionalProperties' && value === false));
  return Object.fromEntries(kept.map(([key, value]) => [key, openUp(value)]));
}

/** The contract of this version. */
export function describeEvents(): EventContract {
  const events = Object.entries(eventDefinitions).map(([name, { code, v, stream, doc, payload }]) => [
    name,
    { code, v, stream, doc, payload: toJsonSchema(payload) },
  ]);
  return { envelope: toJsonSchema(storedEnvelope), events: Object.fromEntries(events), columns: sqlColumnsOf(logRecordSchema) };
}

/** One JSON Schema document (2020-12) that takes every event of the contract, chosen by `name`. */
export function eventSchemaDocument({ envelope, events }: EventContract): JsonSchema {
  const definitions = Object.entries(events).map(([name, { code, v, stream, doc, payload }]) => [
    name,
    {
      description: `${doc} Code ${code}, v${v}, stream ${stream}.`,
      allOf: [{ $ref: '#/$defs/envelope' }, { type: 'object', properties: { name: { const: name }, payload } }],
    },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:insp:events',
    title: 'An event of Insp, as stored and exported',
    description: 'Unknown fields are allowed and must be kept; an unknown name comes from a newer version and is to be skipped.',
    oneOf: Object.keys(events).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: { envelope, ...Object.fromEntries(definitions) },
  };
}
