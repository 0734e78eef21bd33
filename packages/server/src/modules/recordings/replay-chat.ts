// The chat of a replay, minute by minute (CH7): a player asks for the minutes around its picture, and everybody's player asks
// for the same ones, so any cache may stand between. Only what was said while the picture of the present cut was shown.
import { REPLAY_CHAT_WINDOW_MS, type ReplayChat } from '@insp/protocol';
import { REPLAY_LIMITS } from './limits.ts';
import type { RecordingsPorts } from './ports.ts';
import { type ReplayFile, type ReplaySource, shownTimeline } from './replay-files.ts';

/** The minute a name asks for, counted from the epoch; null for names of other files. */
export function chatMinuteOf(name: string): number | null {
  const minute = /^chat-(\d{1,9})\.json$/.exec(name)?.[1];
  return minute === undefined ? null : Number(minute);
}

/** What viewers may read of that minute; null where they see no picture of it. */
export function chatFile(
  source: Pick<ReplaySource, 'show' | 'replay' | 'index'>,
  minute: number,
  { said, nowMs }: { said: RecordingsPorts['said']; nowMs: number },
): ReplayFile | null {
  const shown = shownTimeline(source, 'public');
  const first = shown?.timeline.segments[0];
  const last = shown?.timeline.segments.at(-1);
  if (!shown || !first || !last) return null;
  // While the show goes on the newest segment is not closed yet.
  const endMs = shown.isLive ? nowMs : last.programDateTimeMs + last.durationMs;
  const fromMs = Math.max(first.programDateTimeMs, minute * REPLAY_CHAT_WINDOW_MS);
  const toMs = Math.min(endMs, (minute + 1) * REPLAY_CHAT_WINDOW_MS);
  if (fromMs >= toMs) return null;
  return {
    kind: 'chat',
    version: `${source.replay.cut}/${fromMs}/${shown.isLive}/${Math.floor(nowMs / REPLAY_LIMITS.chatFreshMs)}`,
    async write() {
      const messages = await said(source.show.showId, Math.floor(fromMs), Math.ceil(toMs));
      return JSON.stringify({ minute, messages: [...messages] } satisfies ReplayChat);
    },
  };
}
