// Ways to break the parts on purpose, and who must find it out: the proof that the audit can fail.

import type { ViolationKind } from './audit.ts';
import { ENGINE_SABOTAGES, type EngineSabotage } from './sabotaged-engine.ts';

export const SABOTAGES = {
  'by-seq': { scenario: 'inversion', finds: 'table differs' },
  unfenced: { scenario: 'zombie', finds: 'table differs' },
  'merge-twice': { scenario: 'kills', finds: 'money differs' },
  'drop-late': { scenario: 'duplicates', finds: 'table differs' },
  dip: { scenario: 'kills', finds: 'went down' },
  /** The app writes its journal before the database has said yes. */
  'early-ack': { scenario: 'kills', finds: 'lost' },
  /** The database says yes before it is on disk. */
  'async-commit': { scenario: 'kills', finds: 'lost' },
  /** A hand adds one cent to one figure before each audit. */
  'one-cent': { scenario: 'kills', finds: 'money differs' },
} as const satisfies Record<string, { scenario: string; finds: ViolationKind }>;
export type Sabotage = keyof typeof SABOTAGES;

export const isSabotage = (name: string): name is Sabotage => Object.hasOwn(SABOTAGES, name);

export const engineSabotageOf = (sabotage: Sabotage | null): EngineSabotage | null =>
  sabotage !== null && Object.hasOwn(ENGINE_SABOTAGES, sabotage) ? (sabotage as EngineSabotage) : null;

/** Settings of the database for a sabotage. */
export const settingsOf = (sabotage: Sabotage | null): Record<string, string> =>
  sabotage === 'async-commit' ? { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '1GB' } : {};
