// One frame of text -> one request that is known, allowed in size and shape. Parsed once, here; everything behind
// trusts the types.
import { LIMITS, type ParsedRequest, type RequestType } from '@insp/protocol';
import { requestEnvelopeSchema, requestSchemas } from '@insp/protocol/schemas';
import { type Refusal, refused } from '../../kernel/outcome.ts';

export type ReadRequest = { readonly ok: true; readonly id: string; readonly type: RequestType; readonly data: unknown };
/** `re` is empty when the frame told no id. */
export type UnreadableRequest = { readonly ok: false; readonly re: string; readonly refusal: Refusal };

const unreadable = (re: string, refusal: Refusal): UnreadableRequest => ({ ok: false, re, refusal });

/** Reads the envelope. The data is read by `readRequestData`, after it is known that the sender may ask. */
export function readRequest(text: string): ReadRequest | UnreadableRequest {
  if (Buffer.byteLength(text) > LIMITS.socketFrameBytes) return unreadable('', refused('INSP_REALTIME_FRAME_TOO_LARGE'));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable('', refused('INSP_REALTIME_FRAME_MALFORMED', { detail: 'Not JSON.' }));
  }
  const envelope = requestEnvelopeSchema.safeParse(json);
  if (!envelope.success) return unreadable(idOf(json), refused('INSP_REALTIME_FRAME_MALFORMED', { detail: firstFault(envelope.error) }));
  const { id, type, data } = envelope.data;
  if (!Object.hasOwn(requestSchemas, type)) return unreadable(id, refused('INSP_REALTIME_UNKNOWN_REQUEST'));
  return { ok: true, id, type: type as RequestType, data };
}

export function readRequestData<T extends RequestType>(type: T, data: unknown): { ok: true; value: ParsedRequest<T> } | Refusal {
  const parsed = requestSchemas[type].safeParse(data);
  if (!parsed.success) return refused('INSP_REALTIME_FRAME_MALFORMED', { detail: firstFault(parsed.error) });
  return { ok: true, value: parsed.data as ParsedRequest<T> };
}

function idOf(json: unknown): string {
  const id = typeof json === 'object' && json !== null && Object.hasOwn(json, 'id') ? (json as { id: unknown }).id : null;
  return typeof id === 'string' && id.length <= 64 ? id : '';
}

function firstFault(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : ''}${issue.message}`.slice(0, 200) : '';
}
