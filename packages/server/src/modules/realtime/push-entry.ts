// One push, turned into text once per way of seeing it: in full, without money, or withheld. A withheld stream
// push leaves a placeholder, so that the offsets a client counts have no holes.
import { type Channel, hasPermission, type Permission, type PushType } from '@insp/protocol';
import type { Redact, RoomRole } from './ports.ts';

/** Staff pushes that need more than being staff. */
const PUSH_PERMISSIONS: Partial<Record<PushType, Permission>> = {
  message_moderated: 'chat.moderate',
  viewer_banned: 'chat.moderate',
  viewer_unbanned: 'chat.moderate',
  cue_shown: 'copilot.use',
  cue_ended: 'copilot.use',
  audience_changed: 'copilot.use',
  questions_changed: 'copilot.use',
  sell_order_changed: 'copilot.use',
};

export type PushEntry = {
  /** Place among all pushes of the room, streams and caches alike. */
  readonly order: number;
  readonly type: PushType;
  readonly channel: Channel;
  /** Null for a cache push. */
  readonly offset: number | null;
  readonly atMs: number;
  readonly sizeBytes: number;
  /** Null when the push is not meant for this role at all. */
  textFor(role: RoomRole): string | null;
};

export function createPushEntry(
  push: { order: number; type: PushType; channel: Channel; offset: number | null; atMs: number; data: unknown },
  redact: Redact,
): PushEntry {
  const { type, channel, offset, atMs } = push;
  const position = offset === null ? '' : `,"channel":"${channel}","offset":${offset}`;
  const write = (asType: PushType, data: unknown) => `{"v":1,"type":"${asType}","ts":${atMs}${position},"data":${JSON.stringify(data)}}`;
  const full = write(type, push.data);
  const permission = PUSH_PERMISSIONS[type];
  let withoutMoney: string | undefined;
  return {
    order: push.order,
    type,
    channel,
    offset,
    atMs,
    sizeBytes: Buffer.byteLength(full),
    textFor(role) {
      if (channel === 'viewers') return full;
      if (role === 'viewer') return null;
      if (permission && !hasPermission(role, permission)) return offset === null ? null : write('withheld', {});
      if (hasPermission(role, 'turnover.read')) return full;
      withoutMoney ??= write(type, redact(push.data));
      return withoutMoney;
    },
  };
}
