// The video gave up for good: told on three ways at once. The page's developer reads the code and the cause, the
// shopper a calm line with the code below it (chat and buying go on), the room counts it.
import type { ErrorCode } from '@insp/protocol';

const CODE = 'INSP_EMBED_PLAYBACK_FAILED' satisfies ErrorCode;

export type FailureTellers = {
  report(problem: { code: typeof CODE; detail: string; isFatal: false }): void;
  notice(text: 'videoFailed', problem: { code: typeof CODE }): void;
  count(event: { name: 'player.failed'; code: typeof CODE }): void;
};

/** Tells that playback failed; `detail` is the engine's own word for it and goes to the developer only. */
export function tellPlaybackFailure(tell: FailureTellers, detail: string): void {
  tell.report({ code: CODE, detail, isFatal: false });
  tell.notice('videoFailed', { code: CODE });
  tell.count({ name: 'player.failed', code: CODE });
}
