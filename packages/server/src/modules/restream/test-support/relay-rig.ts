// A broadcast on its way to real sockets, with time that stands still until the test moves it: an encoder's tags at 30
// pictures a second, watched four times a second as the module does.
import type { FlvTag } from '@insp/media';
import type { RestreamState, RestreamTargetId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import type { Logger } from '../../../kernel/logger.ts';
import { silentLogger } from '../../../kernel/logger.ts';
import { systemRandom } from '../../../kernel/random.ts';
import { createSeal } from '../../../kernel/seal.ts';
import { createDialStream, parseOutboundPolicy } from '../../../platform/outbound/index.ts';
import { createBroadcast } from '../broadcast.ts';
import { createOpenLine, createReadAddress } from '../relay/line.tcp.ts';
import type { TargetChange } from '../relay/target.ts';
import { boundTo, lastFourOf, type TargetRecord } from '../target-record.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
export const SHOW_ID = `shw_${hex(1)}` as const;
export const ORG_ID = 'org_test';

/** A configuration record of libx264 and coded pictures around it: well formed, not decodable. */
const AVC_RECORD = Buffer.from('0142c014ffe1001a6742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20', 'hex');
export const VIDEO_CONFIG = Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), AVC_RECORD]);
export const AUDIO_CONFIG = Buffer.of(0xaf, 0, 0x11, 0x90);

/** One picture as a tag: `nal` 0x65 IDR, 0x41 reference, 0x01 disposable. */
export function picture(timestampMs: number, nal: number, sizeBytes: number, mark = 0): FlvTag {
  const body = Buffer.alloc(Math.max(16, sizeBytes), mark & 0xff);
  body.set([nal === 0x65 ? 0x17 : 0x27, 1, 0, 0, 0]);
  body.writeUInt32BE(body.length - 9, 5);
  body[9] = nal;
  body.writeUInt32BE(mark >>> 0, 10);
  return { kind: 'video', timestampMs, body };
}
export const sound = (timestampMs: number, mark = 0): FlvTag => {
  const body = Buffer.alloc(180);
  body.set([0xaf, 1]);
  body.writeUInt32BE(mark >>> 0, 2);
  return { kind: 'audio', timestampMs, body };
};
export const CONFIGS: readonly FlvTag[] = [
  { kind: 'video', timestampMs: 0, body: VIDEO_CONFIG },
  { kind: 'audio', timestampMs: 0, body: AUDIO_CONFIG },
];

export type RigOptions = {
  logger?: Logger;
  trustedRoots?: string;
  allow?: string;
  bitsPerSec?: number /** Real time for each picture at least: for what is read from the system now and then. */;
  realMsPerFrame?: number;
};

export function createRelayRig(options: RigOptions = {}) {
  const clock = createFakeClock();
  const policy = parseOutboundPolicy(options.allow ?? '127.0.0.0/8, ::1');
  const seal = createSeal(Buffer.alloc(32, 3), systemRandom);
  const changes: (TargetChange & { targetId: string })[] = [];
  const dial = createDialStream({
    policy,
    clock,
    resolveName: (host, done) => done(null, host === 'localhost' ? ['127.0.0.1'] : ['93.184.216.34', '10.0.0.1']),
    ...(options.trustedRoots === undefined ? {} : { trustedRoots: options.trustedRoots }),
  });
  const broadcast = createBroadcast({
    grant: { showId: SHOW_ID, orgId: ORG_ID, playbackId: 'p', isSimulated: false, createdAtMs: 0 },
    clock,
    random: systemRandom,
    logger: options.logger ?? silentLogger,
    seal,
    openLine: createOpenLine({ policy, clock, dial }),
    readAddress: createReadAddress(policy),
    onChange: (record, change) => changes.push({ ...change, targetId: record.id }),
  });
  const stopTicking = clock.every(250, () => broadcast.tick());
  const bytesPerFrame = (options.bitsPerSec ?? 6_000_000) / 8 / 30;
  let frame = 0;
  const sent: FlvTag[] = [];

  const recordOf = (n: number, url: string, streamKey = `secret-key-${n}-abcdef`, change: Partial<TargetRecord> = {}): TargetRecord => {
    const named = { id: `rst_${hex(n)}` as RestreamTargetId, orgId: ORG_ID };
    return {
      ...{ ...named, showId: SHOW_ID, name: `Target ${n}`, platform: 'rtmp', url, position: n, isEnabled: true, mode: 'auto' },
      ...{ sealedKey: seal.close(streamKey, boundTo(named)), streamKeyLastFour: lastFourOf(streamKey) },
      ...change,
    };
  };

  /** Lets sockets move. */
  const breathe = async (count = 4) => {
    for (let turn = 0; turn < count; turn += 1) await new Promise((done) => setImmediate(done));
  };

  const rig = {
    clock,
    broadcast,
    changes,
    sent,
    recordOf,
    breathe,
    status: (n: number) => broadcast.views().find(({ id }) => id === `rst_${hex(n)}`)?.status,
    statesOf: (n: number): RestreamState[] => changes.filter(({ targetId }) => targetId === `rst_${hex(n)}`).map(({ to }) => to.kind),
    reasonsOf: (n: number) => changes.filter(({ targetId }) => targetId === `rst_${hex(n)}`).map(({ to }) => `${to.kind} ${to.reason}`),
    /** An encoder connects and sends its configurations. */
    connect() {
      broadcast.tap.onConnected(clock.nowMs());
      for (const tag of CONFIGS) broadcast.tap.onTag(tag, clock.nowMs());
    },
    /** One picture and its sound; time moves by a thirtieth of a second. */
    async frame(gopFrames = 60): Promise<void> {
      const atMs = Math.round((frame * 1000) / 30);
      const isKey = frame % gopFrames === 0;
      const nal = isKey ? 0x65 : frame % 3 === 2 ? 0x01 : 0x41;
      for (const tag of [picture(atMs, nal, isKey ? bytesPerFrame * 4 : bytesPerFrame * 0.95, frame), sound(atMs + 5, frame)]) {
        sent.push(tag);
        broadcast.tap.onTag(tag, clock.nowMs());
      }
      frame += 1;
      await breathe();
      // Time must not run away from sockets that are being connected.
      const isConnecting = broadcast
        .views()
        .some(({ status }) => ['resolving', 'connecting', 'handshaking', 'publishing'].includes(status.state));
      const waitMs = Math.max(isConnecting ? 3 : 0, options.realMsPerFrame ?? 0);
      if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
      clock.advance(Math.round((frame * 1000) / 30) - atMs);
    },
    /** Pictures until `isDone` says so; gives how much time passed. */
    async framesUntil(what: string, isDone: () => boolean, limitMs = 60_000): Promise<number> {
      const fromMs = clock.steadyMs();
      while (!isDone()) {
        if (clock.steadyMs() - fromMs > limitMs) throw new Error(`${limitMs} ms of video in vain until ${what}`);
        await rig.frame();
      }
      return clock.steadyMs() - fromMs;
    },
    /** Real waiting, time standing still: for what sockets do by themselves. */
    async until(what: string, isDone: () => boolean, limitMs = 10_000): Promise<void> {
      const endMs = performance.now() + limitMs;
      while (!isDone()) {
        if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
        await new Promise((done) => setTimeout(done, 2));
      }
    },
    async stop(): Promise<void> {
      broadcast.finish('server_stopping');
      stopTicking();
      clock.advance(2_000);
      await breathe();
    },
  };
  return rig;
}

export type RelayRig = ReturnType<typeof createRelayRig>;
