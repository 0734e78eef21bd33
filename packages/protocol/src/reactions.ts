export const REACTION_KINDS = ['heart', 'fire', 'clap', 'wow'] as const;
export type ReactionKind = (typeof REACTION_KINDS)[number];
