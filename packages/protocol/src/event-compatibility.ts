// Whether a later event contract keeps what an earlier, released one promised. Readers hold events of every release for
// good, so a field stays as it was; what may change is little: new events, new optional fields, wider bounds, more
// words in a list. Anything else is a new event with a new code. Says what is wrong in words, for the person who did it.
import { type EventContract, type JsonSchema, splitNullable } from './schemas.ts';

/** What the later contract breaks of the earlier one; empty when nothing. */
export function findBreakingChanges(released: EventContract, present: EventContract): string[] {
  return [
    ...compareField('the envelope', released.envelope, present.envelope),
    ...Object.entries(released.events).flatMap(([name, before]) => {
      const now = present.events[name];
      if (now === undefined)
        return [`${name} was removed: the log still holds it. Keep its definition, also when nobody writes it any more.`];
      const found = [];
      if (now.code !== before.code)
        found.push(`${name} had code ${before.code} and has ${now.code}: stored rows would become another event.`);
      if (now.stream !== before.stream)
        found.push(`${name} moved from stream ${before.stream} to ${now.stream}: its order against others changes.`);
      if (now.v < before.v) found.push(`${name} went back from v${before.v} to v${now.v}.`);
      return [...found, ...compareField(`${name}.payload`, before.payload, now.payload)];
    }),
    ...findReusedCodes(released, present),
    ...released.columns.flatMap((before) => {
      const now = present.columns.find(({ name }) => name === before.name);
      if (now === undefined) return [`column ${before.name} was removed: released aggregates and exports read it.`];
      const describe = ({ type, isNullable }: typeof before) => `${type}${isNullable ? ' or null' : ''}`;
      return describe(now) === describe(before) ? [] : [`column ${before.name} was ${describe(before)} and is ${describe(now)}.`];
    }),
  ];
}

function findReusedCodes(released: EventContract, present: EventContract): string[] {
  const nameOf = new Map(Object.entries(released.events).map(([name, { code }]) => [code, name]));
  const seen = new Map<number, string>();
  return Object.entries(present.events).flatMap(([name, { code }]) => {
    const owner = nameOf.get(code);
    const twin = seen.get(code);
    seen.set(code, name);
    if (owner !== undefined && owner !== name)
      return [`${name} uses code ${code} of ${owner} again: its stored rows would be read as ${name}.`];
    return twin === undefined ? [] : [`${name} and ${twin} share code ${code}.`];
  });
}

function compareField(place: string, released: JsonSchema, present: JsonSchema): string[] {
  const before = splitNullable(released);
  const now = splitNullable(present);
  if (before.isNullable !== now.isNullable) {
    return [`${place} ${now.isNullable ? 'may now be null, which readers do not expect' : 'may no longer be null, but stored rows are'}.`];
  }
  const [was, is] = [before.solid, now.solid];
  if (was.type !== is.type)
    return [`${place} was ${was.type ?? 'anything'} and is ${is.type ?? 'anything'}: add a new optional field instead.`];
  const found = [...findNarrowing(place, was, is)];
  if (was.items !== undefined && is.items !== undefined) {
    found.push(...compareField(`${place}[]`, was.items as JsonSchema, is.items as JsonSchema));
  }
  return [...found, ...compareFields(place, was, is)];
}

function compareFields(place: string, released: JsonSchema, present: JsonSchema): string[] {
  const fields = (schema: JsonSchema) => (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = (schema: JsonSchema) => new Set((schema.required ?? []) as string[]);
  const [was, is] = [fields(released), fields(present)];
  const [mustBefore, mustNow] = [required(released), required(present)];
  const added = Object.keys(is).filter((name) => was[name] === undefined);
  const found = Object.entries(was).flatMap(([name, before]) => {
    const now = is[name];
    if (now === undefined) {
      const twin = added.find((other) => JSON.stringify(is[other]) === JSON.stringify(before));
      return twin === undefined
        ? [`${place}.${name} was removed: readers of the release need it.`]
        : [`${place}.${name} was renamed to ${twin}: readers look for ${name}. Keep it and add ${twin} beside it.`];
    }
    const presence =
      mustBefore.has(name) === mustNow.has(name)
        ? []
        : [
            `${place}.${name} ${mustNow.has(name) ? 'is now required, but stored rows lack it' : 'is now optional, but readers rely on it'}.`,
          ];
    return [...presence, ...compareField(`${place}.${name}`, before, now)];
  });
  const isRenamed = (name: string) => found.some((line) => line.includes(`renamed to ${name}:`));
  for (const name of added) {
    if (mustNow.has(name) && !isRenamed(name))
      found.push(`${place}.${name} is new and required: stored rows lack it. New fields are optional.`);
  }
  return found;
}

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];

function findNarrowing(place: string, was: JsonSchema, is: JsonSchema): string[] {
  const found: string[] = [];
  for (const keyword of ['pattern', 'const', 'format']) {
    if (was[keyword] !== is[keyword]) found.push(`${place} had ${keyword} ${was[keyword] ?? 'none'} and has ${is[keyword] ?? 'none'}.`);
  }
  const words = is.enum as unknown[] | undefined;
  if (words !== undefined) {
    const lost = ((was.enum as unknown[] | undefined) ?? ['any other word']).filter((word) => !words.includes(word));
    if (lost.length > 0) found.push(`${place} no longer takes ${lost.join(', ')}: it was narrowed.`);
  }
  for (const keyword of LOWER_BOUNDS) {
    const [before, now] = [was[keyword], is[keyword]] as (number | undefined)[];
    if (now !== undefined && (before === undefined || now > before))
      found.push(`${place} was narrowed: ${keyword} ${before ?? 'none'} became ${now}.`);
  }
  for (const keyword of UPPER_BOUNDS) {
    const [before, now] = [was[keyword], is[keyword]] as (number | undefined)[];
    if (now !== undefined && (before === undefined || now < before))
      found.push(`${place} was narrowed: ${keyword} ${before ?? 'none'} became ${now}.`);
  }
  return found;
}
