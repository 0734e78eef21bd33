// What a server under pressure says of itself, to staff and in its figures (product rule 1: sampled counts say so).
import * as z from 'zod';
import { SHED_LEVELS } from '../shed-levels.ts';
import { epochMsSchema } from './basics.ts';

export const shedLevelSchema = z.literal(SHED_LEVELS);

/** How the process a console is connected to holds up right now. */
export const pressureStatusSchema = z.strictObject({
  level: shedLevelSchema,
  /** When the level began. */
  sinceMs: epochMsSchema,
  /** The signal that raised it; null at level 0 and when forced. */
  cause: z.string().nullable(),
  /** An operator holds the level, whatever is measured. */
  isForced: z.boolean(),
  /** What the disk still takes. `no_engagement`: counts stand still; `money_only`: chat too. */
  disk: z.enum(['open', 'no_engagement', 'money_only']),
});

/** That figures of a show hold sampled facts, and which. */
export const samplingNoteSchema = z.strictObject({
  /** First moment of the show at which facts were sampled. */
  sinceMs: epochMsSchema,
  greatestLevel: shedLevelSchema,
  /** Names of the figures that are estimates; all others are exact. */
  estimated: z.array(z.string()),
});

export type PressureStatus = z.infer<typeof pressureStatusSchema>;
export type SamplingNote = z.infer<typeof samplingNoteSchema>;
