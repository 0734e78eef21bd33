// What the app was told, on disk, written by the app itself and independent of the database: a line `intent` before a
// unit is sent, a line `ack` after the database has said yes. Lines go straight to the file, so a killed process
// loses none that it wrote; a last line without its end is one that was never finished.
import { closeSync, existsSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Unit } from './fact-maker.ts';

export type JournalLine = { intent: Unit } | { ack: string };

export const journalFile = (folder: string, incarnation: number) => join(folder, `journal-${incarnation}.ndjson`);

export type JournalWriter = { intend(unit: Unit): void; acknowledge(unit: Unit): void };

export function openJournal(file: string): JournalWriter {
  const handle = openSync(file, 'a');
  const write = (line: JournalLine) => void writeSync(handle, `${JSON.stringify(line)}\n`);
  return { intend: (unit) => write({ intent: unit }), acknowledge: (unit) => write({ ack: unit.id }) };
}

/** Reads what has been added since the last call, file after file. */
export function createJournalReader(folder: string) {
  const places = new Map<string, number>();
  return {
    /** Hands every new line of the journals of incarnations 0 to `last` to `take`. */
    readNew(last: number, take: (line: JournalLine) => void): void {
      for (let incarnation = 0; incarnation <= last; incarnation += 1) {
        const file = journalFile(folder, incarnation);
        if (!existsSync(file)) continue;
        const offset = places.get(file) ?? 0;
        const added = readFrom(file, offset);
        const whole = added.subarray(0, added.lastIndexOf('\n') + 1);
        places.set(file, offset + whole.length);
        for (const line of whole.toString('utf8').split('\n')) if (line !== '') take(JSON.parse(line) as JournalLine);
      }
    },
  };
}

function readFrom(file: string, offset: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let at = offset; ; ) {
      const chunk = Buffer.alloc(1 << 20);
      const count = readSync(handle, chunk, 0, chunk.length, at);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      at += count;
    }
  } finally {
    closeSync(handle);
  }
}

/** The last units of a journal, for a producer that starts again and is not sure what arrived. */
export function lastUnits(folder: string, incarnation: number, count: number): Unit[] {
  const file = journalFile(folder, incarnation);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const units = lines.map((line) => JSON.parse(line) as JournalLine).flatMap((line) => ('intent' in line ? [line.intent] : []));
  return units.filter(({ isDoomed }) => !isDoomed).slice(-count);
}
