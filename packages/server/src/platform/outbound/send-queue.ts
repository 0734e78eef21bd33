// How much of what we wrote the system still holds: unsent, or sent and not confirmed. Node cannot tell, and between its
// buffer and the peer lie megabytes: a server that stopped reading is seen seconds late, or not at all where it does not
// acknowledge. Linux writes it down in /proc/net/tcp; elsewhere the answer is 0.
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
export const SEND_QUEUE_LOOK_MS = 500;

export type SendQueue = { bytes(): number; forget(): void };
export type SendQueues = { watch(socket: Pick<Socket, 'localPort' | 'remotePort'>): SendQueue };

/** Reads the queue of a connection from a table; null when it is not there, or not the only one with these ports. */
export function sendQueueIn(table: string, localPort: number, remotePort: number): number | null {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  // `sl local remote state tx:rx`; 01 is an established connection, 04, 08 and 09 one that is closing.
  const found = [...table.matchAll(new RegExp(`:${hex(localPort)} [0-9A-F]+:${hex(remotePort)} 0[1489] ([0-9A-F]{8}):`, 'g'))];
  return found.length === 1 ? Number.parseInt(found[0]?.[1] ?? '', 16) : null;
}

/** One look at the tables for all sockets that are watched, twice a second, and none while none is. */
export function createSendQueues(clock: Clock, readTable = (path: string) => readFile(path, 'latin1')): SendQueues {
  const watched = new Map<Pick<Socket, 'localPort' | 'remotePort'>, number>();
  let stop: (() => void) | null = null;
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const tables = await Promise.all(TABLES.map((path) => readTable(path).catch(() => '')));
    for (const socket of watched.keys()) {
      const { localPort, remotePort } = socket;
      if (localPort === undefined || remotePort === undefined) continue;
      watched.set(socket, tables.map((table) => sendQueueIn(table, localPort, remotePort)).find((bytes) => bytes !== null) ?? 0);
    }
    isLooking = false;
  }

  return {
    watch(socket) {
      watched.set(socket, 0);
      stop ??= clock.every(SEND_QUEUE_LOOK_MS, () => void look());
      return {
        bytes: () => watched.get(socket) ?? 0,
        forget() {
          watched.delete(socket);
          if (watched.size > 0) return;
          stop?.();
          stop = null;
        },
      };
    },
  };
}
