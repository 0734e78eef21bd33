// A hot show is one key with most of the traffic. Its log key carries a salt, `show_id#salt`, so that partitions share
// the load while the facts of one viewer stay in order: the salt is the viewer's hash modulo the show's salt count.
// Aggregates leave the salt out, so it changes no figure.
import { murmur3 } from './hyperloglog.ts';

/** 1 until a show is hot; 16 to 64 above 20,000 viewers (events-and-store.md 9). Only raised during a show. */
export const SALT_COUNT_MAX = 64;
/** Not a seed of the HyperLogLog stamps or of the sampler: the three must be independent. Frozen. */
const SALT_SEED = 0x5bd1e995;

/**
 * The salt of a viewer's facts, 0 to `saltCount` - 1; facts of nobody take 0. Doubling the count splits each salt in two
 * and moves no viewer between the halves of others. Throws on a count that is no whole number from 1 to SALT_COUNT_MAX.
 */
export function saltOf(viewerId: string | null, saltCount: number): number {
  if (!Number.isInteger(saltCount) || saltCount < 1 || saltCount > SALT_COUNT_MAX) throw new RangeError(`salt count ${saltCount}`);
  return viewerId === null ? 0 : murmur3(viewerId, SALT_SEED) % saltCount;
}
