import { type AnswerData, type PushData, type PushType, type RequestType, wireError } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Frame } from './ports.ts';

/** Builds the text frame that carries these items. */
export function createFrame(items: readonly string[]): Frame {
  const text = `[${items.join(',')}]`;
  return { text, sizeBytes: Buffer.byteLength(text) };
}

/** A sign of life for clients that cannot see pings (browsers). */
export const EMPTY_FRAME: Frame = createFrame([]);

export function answerText(re: string, outcome: Outcome<AnswerData<RequestType>>): string {
  if (outcome.ok) return JSON.stringify({ v: 1, type: 'ok', re, data: outcome.value });
  const { code, detail, retryAfterMs } = outcome;
  return JSON.stringify({ v: 1, type: 'refused', re, data: wireError(code, { detail, retryAfterMs }) });
}

export function privatePushText<T extends PushType>(type: T, data: PushData<T>, atMs: number): string {
  return JSON.stringify({ v: 1, type, ts: atMs, data });
}
