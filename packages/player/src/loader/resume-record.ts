// The play head of a mini player the shopper opened, kept for this tab so that the next page goes on where this
// one stopped. It is the only thing stored before any consent (product.md 3.3), and it goes when the player closes.
import { isId, type ShowId } from '@insp/protocol';

export const RESUME_KEY = 'insp.resume';
/** An older record is a forgotten one: nobody expects a player to pop up after lunch. */
export const RESUME_MAX_AGE_MS = 30 * 60_000;

export const CORNERS = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
export type Corner = (typeof CORNERS)[number];

export type ResumeRecord = {
  readonly v: 1;
  readonly showId: ShowId;
  readonly surface: 'open' | 'mini';
  /** Wall time of the frame on screen (playingDate), which stays true across page loads; null when not known. */
  readonly programMs: number | null;
  readonly isMuted: boolean;
  /** So that the small window has its shape before the first frame. */
  readonly isLandscape: boolean;
  readonly isPaused: boolean;
  readonly corner: Corner;
  readonly token: string | null;
  readonly playlistUrl: string | null;
  /** What the line carried, so that the next page begins in the right quality; absent or null when not known. */
  readonly bitsPerSec?: number | null;
  readonly savedAtMs: number;
};

const isTextOrNull = (value: unknown): value is string | null => value === null || (typeof value === 'string' && value.length <= 4_096);
const isNumberOrNull = (value: unknown): value is number | null => value === null || (typeof value === 'number' && Number.isFinite(value));

/** Reads a stored record; null when it is absent, malformed, too old or from the future. */
export function parseResumeRecord(text: string | null, nowMs: number): ResumeRecord | null {
  if (text === null) return null;
  let value: Partial<Record<keyof ResumeRecord, unknown>>;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || value.v !== 1 || !isId('shw', value.showId)) return null;
  if (value.surface !== 'open' && value.surface !== 'mini') return null;
  if (
    !isNumberOrNull(value.programMs) ||
    typeof value.isMuted !== 'boolean' ||
    typeof value.isLandscape !== 'boolean' ||
    typeof value.isPaused !== 'boolean'
  )
    return null;
  if (!CORNERS.includes(value.corner as Corner) || !isTextOrNull(value.token) || !isTextOrNull(value.playlistUrl)) return null;
  if (!isNumberOrNull(value.bitsPerSec ?? null)) return null;
  if (typeof value.savedAtMs !== 'number' || nowMs - value.savedAtMs > RESUME_MAX_AGE_MS || value.savedAtMs > nowMs + 5_000) return null;
  return value as ResumeRecord;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Storage that may be absent or forbidden (blocked cookies, sandboxed frames); then there is simply no resume. */
export function createResumeStore(storage: () => Storage) {
  const attempt = <T>(work: (store: Storage) => T): T | null => {
    try {
      return work(storage());
    } catch {
      return null;
    }
  };
  return {
    read: (nowMs: number) =>
      parseResumeRecord(
        attempt((store) => store.getItem(RESUME_KEY)),
        nowMs,
      ),
    write: (record: ResumeRecord) => attempt((store) => store.setItem(RESUME_KEY, JSON.stringify(record))),
    clear: () => attempt((store) => store.removeItem(RESUME_KEY)),
  };
}
export type ResumeStore = ReturnType<typeof createResumeStore>;
