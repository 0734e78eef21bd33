// How many sockets there may be: in the process and per remote address. Loopback is exempt from the latter: a
// proxy on this machine and the simulator speak for many.
import type { RealtimeLimits } from './limits.ts';

export type SocketQuota = {
  hasRoomFor(address: string): boolean;
  /** Counts one in; the return value counts it out. Null when there is no room. */
  take(address: string): (() => void) | null;
  readonly count: number;
};

export const isLoopback = (address: string) => address === '::1' || /^(::ffff:)?127\./.test(address);

export function createSocketQuota(limits: Pick<RealtimeLimits, 'socketsPerProcessMax' | 'socketsPerAddressMax'>): SocketQuota {
  const byAddress = new Map<string, number>();
  let count = 0;
  const hasRoomFor = (address: string) =>
    count < limits.socketsPerProcessMax && (isLoopback(address) || (byAddress.get(address) ?? 0) < limits.socketsPerAddressMax);
  return {
    hasRoomFor,
    take(address) {
      if (!hasRoomFor(address)) return null;
      count += 1;
      byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        count -= 1;
        const left = (byAddress.get(address) ?? 1) - 1;
        if (left === 0) byAddress.delete(address);
        else byAddress.set(address, left);
      };
    },
    get count() {
      return count;
    },
  };
}
