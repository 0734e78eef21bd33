// INSP_READ_URLS_FILE, looked at again and again: replicas are added and removed while we run by writing a file, as a
// ConfigMap or a script does. (Not by SIGHUP: that is what a closing terminal sends, and it should end us.) A text counts
// when it was the same in two looks: who writes a file empties it first, and that must not take all readers away.
import { readFile } from 'node:fs/promises';
import type { Logger } from '../../kernel/logger.ts';
import { parseReadAddresses, type ReadAddress } from './read-address.ts';

const LOOK_EVERY_MS = 1_000;

/** Reads the file now and throws when it is not well; then watches it. A later fault is logged and changes nothing. */
export async function followReadAddresses(
  file: string,
  deps: { logger: Logger; lookEveryMs?: number },
): Promise<{ readonly addresses: ReadAddress[]; onChanged(apply: (addresses: ReadAddress[]) => void): void; stop(): void }> {
  let known = await readFile(file, 'utf8');
  let lastSeen = known;
  let apply: (addresses: ReadAddress[]) => void = () => {};
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const text = await readFile(file, 'utf8');
      const isSettled = text === lastSeen;
      lastSeen = text;
      if (text === known || !isSettled) return;
      known = text;
      apply(parseReadAddresses(text));
    } catch (err) {
      deps.logger.warn({ err, file }, 'the read addresses could not be read again; those from before stay');
    } finally {
      isLooking = false;
    }
  }
  const timer = setInterval(() => void look(), deps.lookEveryMs ?? LOOK_EVERY_MS);
  timer.unref();
  return {
    addresses: parseReadAddresses(known),
    onChanged(listen) {
      apply = listen;
    },
    stop: () => clearInterval(timer),
  };
}
