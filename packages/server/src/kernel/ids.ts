import type { Id, IdPrefix } from '@insp/protocol';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export type Ids = { create<P extends IdPrefix>(prefix: P): Id<P> };

/** Makes ids from UUIDv7 (RFC 9562 section 5.7): 48 bits of time, then version, variant and 74 random bits. */
export function createIds(clock: Pick<Clock, 'nowMs'>, random: Random): Ids {
  return {
    create(prefix) {
      const bytes = Buffer.from(random.bytes(16));
      bytes.writeUIntBE(clock.nowMs(), 0, 6);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      return `${prefix}_${bytes.toString('hex')}`;
    },
  };
}
