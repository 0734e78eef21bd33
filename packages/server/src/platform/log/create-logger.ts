// Log lines by pino, as JSON or as one readable line each. What stands under a `pii` key is dropped here unless the
// level is debug: an operator opts in to personal data by looking for a fault.
import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../../kernel/logger.ts';

export type LogOptions = { level: 'error' | 'warn' | 'info' | 'debug'; format: 'text' | 'json'; write?: (line: string) => void };

type Entry = { level: number; time: number; msg: string; err?: { stack?: string; message?: string } } & Record<string, unknown>;

const LEVEL_NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' };

/** One entry as one line (an error's stack follows on lines of its own). */
export function formatEntry(entry: Entry): string {
  const { level, time, msg, err, ...fields } = entry;
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const clock = new Date(time).toISOString().slice(11, 23);
  return `${clock} ${LEVEL_NAMES[level] ?? level} ${msg}${rest.join('')}${err === undefined ? '' : `\n${err.stack ?? err.message}`}\n`;
}

/** Leaves out what is under `pii` or `pii.something`, at the top and one level below. */
export function withoutPersonalData(fields: Record<string, unknown>): Record<string, unknown> {
  const isPersonal = (name: string) => name === 'pii' || name.startsWith('pii.');
  const clean = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
      ? Object.fromEntries(Object.entries(value).filter(([name]) => !isPersonal(name)))
      : value;
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (isPersonal(name) ? [] : [[name, clean(value)]])));
}

export function createLogger(options: LogOptions): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const destination: DestinationStream = {
    write: (line) => write(options.format === 'json' ? line : formatEntry(JSON.parse(line) as Entry)),
  };
  return pino(
    {
      level: options.level,
      base: undefined,
      serializers: { err: pino.stdSerializers.err, cause: pino.stdSerializers.err },
      ...(options.level === 'debug' ? {} : { formatters: { log: withoutPersonalData } }),
    },
    destination,
  );
}
