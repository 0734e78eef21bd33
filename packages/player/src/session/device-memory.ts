// With functional consent, and only then, the device remembers who chatted here: the last session token, by which
// the server keeps the viewer the same person. Withdrawing the consent removes it (product.md 3.3).

export const DEVICE_KEY = 'insp.device';

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export type DeviceMemory = {
  /** What an earlier visit with consent left here. */
  readToken(showId: string): string | null;
  /** Follows the consent: keeps the token, or removes what is kept when consent was refused. */
  keep(showId: string, token: string | null, hasFunctionalConsent: boolean | undefined): void;
};

export function createDeviceMemory(storage: () => Storage): DeviceMemory {
  const attempt = <T>(work: (store: Storage) => T): T | null => {
    try {
      return work(storage());
    } catch {
      return null;
    }
  };
  return {
    readToken(showId) {
      const kept = attempt((store) => JSON.parse(store.getItem(DEVICE_KEY) ?? 'null')) as { showId?: unknown; token?: unknown } | null;
      return kept?.showId === showId && typeof kept.token === 'string' && kept.token.length <= 4_096 ? kept.token : null;
    },
    keep(showId, token, hasFunctionalConsent) {
      if (hasFunctionalConsent === false) attempt((store) => store.removeItem(DEVICE_KEY));
      if (hasFunctionalConsent === true && token !== null) attempt((store) => store.setItem(DEVICE_KEY, JSON.stringify({ showId, token })));
    },
  };
}
