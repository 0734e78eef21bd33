// How much load a server sheds (SPEC of server/modules/pressure): 0 nothing, 1 telemetry sampled, 2 interest sampled too,
// 3 the room slowed down, 4 new viewers asked to wait. Money, moderation and sign-in are untouched at each of them.

export const SHED_LEVELS = [0, 1, 2, 3, 4] as const;
export type ShedLevel = (typeof SHED_LEVELS)[number];
