// What was said around the picture of a replay, or of a show watched from its beginning (CH7): the minute of the picture, the
// one before it, and soon the next. Each minute is a small file beside the playlist that everybody's player asks for.
import { type ChatMessage, REPLAY_CHAT_WINDOW_MS, type ReplayChat } from '@insp/protocol';
import { readText } from './replay-files.ts';

export type SaidReader = {
  /** `listUrl`: of the playlist on screen; null when the chat is the live one. Times are ms on the server's clock. */
  follow(listUrl: string | null, pictureMs: number | null): void;
};

/** A minute of a crowd is some 150 kB. */
const MAX_BYTES = 512 * 1024;
/** The next minute is asked for when the picture is so near to it; at double speed that is half of it. */
const AHEAD_MS = 20_000;
/** A minute that was not over when it was read is read again after this; so is one that could not be read. */
const AGAIN_AFTER_MS = 5_000;
/** A line is stored a little after it was said. */
const SETTLED_AFTER_MS = 2_000;
const MAX_TRIES = 3;

type Reading = { readonly askedAtMs: number; readonly tryCount: number; readonly state: 'asked' | 'whole' | 'growing' | 'failed' };

export function createSaidReader(deps: {
  fetch: typeof fetch;
  nowMs(): number;
  /** Whether what was told of that minute is still known. */
  isKnown(minute: number): boolean;
  onSaid(minute: number, messages: readonly ChatMessage[]): void;
  /** Another show, or the live chat: what was told is of no use any more. */
  onForget(): void;
}): SaidReader {
  let list: string | null = null;
  let readings = new Map<number, Reading>();

  const read = async (from: string, minute: number, tryCount: number) => {
    const mine = readings;
    const note = (state: Reading['state']) => mine.set(minute, { askedAtMs, tryCount, state });
    const askedAtMs = deps.nowMs();
    note('asked');
    try {
      const answer = await deps.fetch(new URL(`chat-${minute}.json`, from).href);
      // No picture is shown of that minute, so nothing was said in it.
      if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      const text = answer.ok ? await readText(answer, MAX_BYTES) : null;
      const messages = text === null ? [] : (JSON.parse(text) as ReplayChat).messages;
      if (mine !== readings) return;
      deps.onSaid(minute, messages);
      note(askedAtMs >= (minute + 1) * REPLAY_CHAT_WINDOW_MS + SETTLED_AFTER_MS ? 'whole' : 'growing');
    } catch {
      note('failed');
    }
  };

  const want = (from: string, minute: number) => {
    const known = readings.get(minute);
    if (known === undefined) return void read(from, minute, 1);
    const isDue = deps.nowMs() - known.askedAtMs >= AGAIN_AFTER_MS;
    if (known.state === 'whole' && !deps.isKnown(minute)) return void read(from, minute, 1);
    if (known.state === 'growing' && isDue) return void read(from, minute, 1);
    if (known.state === 'failed' && isDue && known.tryCount < MAX_TRIES) void read(from, minute, known.tryCount + 1);
  };

  return {
    follow(listUrl, pictureMs) {
      if (listUrl !== list) {
        list = listUrl;
        readings = new Map();
        deps.onForget();
      }
      if (list === null || pictureMs === null) return;
      const minute = Math.floor(pictureMs / REPLAY_CHAT_WINDOW_MS);
      want(list, minute);
      want(list, minute - 1);
      if ((minute + 1) * REPLAY_CHAT_WINDOW_MS - pictureMs < AHEAD_MS) want(list, minute + 1);
    },
  };
}
