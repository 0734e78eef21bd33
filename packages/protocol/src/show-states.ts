// The states of a show as everybody sees them (product.md 3.4). The transition table itself is the shows
// module's: `server/src/modules/shows/show-state.ts`.

export const SHOW_STATES = ['draft', 'scheduled', 'waiting', 'live', 'paused', 'encoder_lost', 'ended', 'cancelled'] as const;
export type ShowState = (typeof SHOW_STATES)[number];

/** States in which the room is open: chat, reactions and buying work. */
export const OPEN_ROOM_STATES: readonly ShowState[] = ['waiting', 'live', 'paused', 'encoder_lost'];
/** States in which the public (plug-in) may see the show at all. */
export const PUBLISHED_STATES: readonly ShowState[] = ['scheduled', 'waiting', 'live', 'paused', 'encoder_lost', 'ended'];
/** States in which a broadcast is on air or expected back. */
export const ON_AIR_STATES: readonly ShowState[] = ['live', 'paused', 'encoder_lost'];

export const SHOW_COMMANDS = ['schedule', 'unschedule', 'open', 'go_live', 'pause', 'resume', 'end', 'reopen', 'cancel'] as const;
/** What a person asks for; the encoder's own events (lost, back, grace over) are not commands. */
export type ShowCommand = (typeof SHOW_COMMANDS)[number];
