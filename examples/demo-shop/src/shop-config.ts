// How the shop is told about Insp. All of it may come later: the shop runs without, and re-reads its configuration
// file, so that secrets and the show id can be put there while it runs. Secrets come by file or environment, never
// by argv, where every process on the machine could read them.
import { readFile } from 'node:fs/promises';

export type InspConnection = {
  /** Origin of Insp, e.g. http://localhost:4600. Empty = the shop shows no plug-in and sends no webhooks. */
  inspUrl: string;
  orgId: string;
  /** `whsec_...`: signs the order webhook. */
  orderWebhookSecret: string;
  /** Signs viewer tokens (HS256): tells Insp which signed-in customer is watching. */
  viewerSecret: string;
  /** The show on every page; empty = none. */
  showId: string;
  /** Lets a simulator buy as a simulated customer and set stock; empty = nobody may. */
  simulatorKey: string;
};

export const NO_CONNECTION: InspConnection = {
  inspUrl: '',
  orgId: '',
  orderWebhookSecret: '',
  viewerSecret: '',
  showId: '',
  simulatorKey: '',
};

const KEYS = Object.keys(NO_CONNECTION) as (keyof InspConnection)[];

/** Takes the known keys out of anything JSON; throws with the name of a wrong one. */
export function parseConnection(value: unknown): Partial<InspConnection> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('The configuration must be a JSON object.');
  const known: Partial<InspConnection> = {};
  for (const [key, text] of Object.entries(value)) {
    if (!KEYS.includes(key as keyof InspConnection)) throw new Error(`Unknown setting "${key}". Known are: ${KEYS.join(', ')}.`);
    if (typeof text !== 'string') throw new Error(`The setting "${key}" must be a text.`);
    known[key as keyof InspConnection] = text;
  }
  if (known.inspUrl) known.inspUrl = new URL(known.inspUrl).origin;
  return known;
}

export type ConnectionSource = { current(): InspConnection; onChanged(listen: () => void): void; stop(): void };

const RELOAD_INTERVAL_MS = 1_000;

/** A connection that never changes. */
export function fixedConnection(connection: Partial<InspConnection>): ConnectionSource {
  const fixed = { ...NO_CONNECTION, ...parseConnection(connection) };
  return { current: () => fixed, onChanged() {}, stop() {} };
}

/**
 * `base`, overlaid by a JSON file that is looked at once a second. A missing file is an empty one; a broken file
 * keeps the last good settings and is reported once per content.
 */
export async function watchConnectionFile(
  path: string,
  base: Partial<InspConnection>,
  warn: (message: string) => void,
): Promise<ConnectionSource> {
  const checkedBase = parseConnection(base);
  let lastText: string | null = null;
  let connection: InspConnection = { ...NO_CONNECTION, ...checkedBase };
  const listeners: (() => void)[] = [];

  async function load(): Promise<void> {
    const text = await readFile(path, 'utf8').catch(() => '{}');
    if (text === lastText) return;
    lastText = text;
    try {
      connection = { ...NO_CONNECTION, ...checkedBase, ...parseConnection(JSON.parse(text)) };
      for (const listen of listeners) listen();
    } catch (error) {
      warn(`${path} is not used: ${(error as Error).message}`);
    }
  }
  await load();
  const timer = setInterval(() => void load(), RELOAD_INTERVAL_MS);
  timer.unref();
  return { current: () => connection, onChanged: (listen) => void listeners.push(listen), stop: () => clearInterval(timer) };
}
