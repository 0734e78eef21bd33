// With functional consent, and only then, the device remembers who chatted here: the last session token, by which
// the server keeps the viewer the same person, and what the line carried. Withdrawing the consent removes it
// (product.md 3.3).

export const DEVICE_KEY = 'insp.device';

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export type DeviceMemory = {
  /** What an earlier visit with consent left here. */
  readToken(showId: string): string | null;
  /** Follows the consent: keeps the token, or removes what is kept when consent was refused. */
  keep(showId: string, token: string | null, hasFunctionalConsent: boolean | undefined): void;
  /** What the line carried at the last visit with consent; null when not known. */
  readBitsPerSec(): number | null;
  keepBitsPerSec(bitsPerSec: number | null, hasFunctionalConsent: boolean | undefined): void;
};

type Kept = { showId?: unknown; token?: unknown; bitsPerSec?: unknown };

export function createDeviceMemory(storage: () => Storage): DeviceMemory {
  const attempt = <T>(work: (store: Storage) => T): T | null => {
    try {
      return work(storage());
    } catch {
      return null;
    }
  };
  const read = () => attempt((store) => JSON.parse(store.getItem(DEVICE_KEY) ?? 'null') as Kept | null);
  const write = (kept: Kept) => attempt((store) => store.setItem(DEVICE_KEY, JSON.stringify(kept)));
  return {
    readToken(showId) {
      const kept = read();
      return kept?.showId === showId && typeof kept.token === 'string' && kept.token.length <= 4_096 ? kept.token : null;
    },
    keep(showId, token, hasFunctionalConsent) {
      if (hasFunctionalConsent === false) attempt((store) => store.removeItem(DEVICE_KEY));
      if (hasFunctionalConsent === true && token !== null) write({ ...read(), showId, token });
    },
    readBitsPerSec() {
      const bitsPerSec = read()?.bitsPerSec;
      return typeof bitsPerSec === 'number' && bitsPerSec > 0 && bitsPerSec < 1e11 ? bitsPerSec : null;
    },
    keepBitsPerSec(bitsPerSec, hasFunctionalConsent) {
      if (hasFunctionalConsent === true && bitsPerSec !== null) write({ ...read(), bitsPerSec });
    },
  };
}
