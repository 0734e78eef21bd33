// Ids are `<prefix>_<32 hex digits of a UUIDv7>`: sortable by creation, safe in URLs, and the prefix tells
// a reader (and the type checker) what they name. Order of facts never comes from an id, only from a `seq`.

export const ID_PREFIXES = [
  'org',
  'usr',
  'shw',
  'brd',
  'hlt',
  'prd',
  'var',
  'msg',
  'vwr',
  'ses',
  'cus',
  'ord',
  'evt',
  'cue',
  'qst',
  'req',
  'rst',
] as const;

export type IdPrefix = (typeof ID_PREFIXES)[number];

/** An id of one kind, for instance `Id<'shw'>` is `shw_0197...`. */
export type Id<P extends IdPrefix> = `${P}_${string}`;

export type OrgId = string; // better-auth makes organization ids; they carry no prefix of ours
export type ShowId = Id<'shw'>;
export type BroadcastId = Id<'brd'>;
export type HighlightId = Id<'hlt'>;
export type ProductId = Id<'prd'>;
export type VariantId = Id<'var'>;
export type MessageId = Id<'msg'>;
export type ViewerId = Id<'vwr'>;
export type SessionId = Id<'ses'>;
export type CustomerId = Id<'cus'>;
export type OrderId = Id<'ord'>;
export type EventId = Id<'evt'>;
export type CueId = Id<'cue'>;
export type RestreamTargetId = Id<'rst'>;
export type QuestionClusterId = Id<'qst'>;

/** Tells whether `text` is an id of the given kind; shape only, not existence. */
export function isId<P extends IdPrefix>(prefix: P, text: unknown): text is Id<P> {
  return typeof text === 'string' && text.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(text.slice(prefix.length + 1));
}
