// `insp export`: a show's raw events as NDJSON, into a file or to standard output. The file appears whole or not at all.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isId } from '@insp/protocol';
import { createLogger, loadConfig, loadSettings, settleDataFolder, withShowExport } from '@insp/server';
import { sayFault } from './say-fault.ts';
import { takeOption } from './take-option.ts';

export async function runExportCommand(args: readonly string[]): Promise<void> {
  const { value: showId, rest: others } = takeOption(args, 'show');
  const { value: out, rest } = takeOption(others, 'out');
  if (showId === null || !isId('shw', showId)) {
    process.stderr.write('insp export: say which show: --show shw_... (its address in the console has the id).\n');
    process.exitCode = 2;
    return;
  }
  try {
    const { settings } = await settleDataFolder(loadSettings(rest));
    const logger = createLogger({ level: 'warn', format: settings.logFormat });
    const isThere = await withShowExport(await loadConfig(settings), logger, showId, (chunks) =>
      out === null ? pipeline(Readable.from(chunks), process.stdout, { end: false }) : writeWhole(out, chunks),
    );
    if (!isThere) {
      process.stderr.write(`insp export: there is no show ${showId} here.\n`);
      process.exitCode = 1;
    } else if (out !== null) process.stderr.write(`${out}\n`);
  } catch (cause) {
    sayFault(cause);
  }
}

async function writeWhole(path: string, chunks: AsyncGenerator<string>): Promise<void> {
  const partial = `${path}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(partial));
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw cause;
  }
}
