// What pressure needs of the others.
import type { Fact, OrgId, ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { MachineReading } from './machine-signals.node.ts';

export type PressurePorts = {
  readonly recorder: { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };
  /** How the append queue does (capture). */
  queue(): { readonly oldestQueuedAgeMs: number; readonly queueFillRatio: number; readonly appendP99Ms: number };
  /** Bytes on their way to all sockets (realtime). */
  socketBufferedBytes(): number;
  machine(): MachineReading;
  /** Shows on air, of all organizations (shows). */
  liveShows(): Promise<readonly { readonly showId: ShowId; readonly orgId: OrgId }[]>;
};
