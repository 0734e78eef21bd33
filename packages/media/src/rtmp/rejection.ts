// What a server means by its no. A wrong key must not look like a broken line: it is not mended by trying again, and
// the host has to hear of it. Codes are those of NetConnection and NetStream (RTMP 1.0 section 7.2); the words behind
// them are what nginx-rtmp, SRS, MediaMTX, Wowza and the platforms send.

export const REJECTIONS = [
  'key_rejected',
  'key_in_use',
  'login_required',
  'address_rejected',
  'publish_refused',
  'stopped_by_platform',
] as const;
export type Rejection = (typeof REJECTIONS)[number];

const BY_CODE: Readonly<Record<string, Rejection>> = {
  'NetConnection.Connect.InvalidApp': 'address_rejected',
  'NetConnection.Connect.AppShutdown': 'address_rejected',
  'NetConnection.Connect.Rejected': 'address_rejected',
  'NetStream.Publish.BadName': 'key_rejected',
  'NetStream.Publish.Denied': 'key_rejected',
  'NetStream.Publish.Rejected': 'key_rejected',
  'NetStream.Authenticate.Failed': 'key_rejected',
  'NetStream.Authenticate.UsherFail': 'key_rejected',
  'NetStream.Unpublish.Success': 'stopped_by_platform',
};

/** Reads code and description of an `onStatus` or `_error`. */
export function classifyRejection(code: string, description: string): Rejection {
  if (/authmod=|need auth|authfailed|auth.?fail/i.test(description)) return 'login_required';
  if (code === 'NetStream.Publish.BadName' && /already|in use|busy|exist/i.test(description)) return 'key_in_use';
  return BY_CODE[code] ?? 'publish_refused';
}
