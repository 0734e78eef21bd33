// A media module on free ports with its HTTP origin, shows that accept given keys, and facts kept in a list. Only the
// shows and the recorder are stand-ins; sockets, RTMP, packager and HTTP are the real ones.
import type { Fact, Id } from '@insp/protocol';
import { type Clock, systemClock } from '../../../kernel/clock.ts';
import { createIds } from '../../../kernel/ids.ts';
import { type Logger, silentLogger } from '../../../kernel/logger.ts';
import { accepted, refused } from '../../../kernel/outcome.ts';
import { systemRandom } from '../../../kernel/random.ts';
import { createHttpServer } from '../../../platform/http/index.ts';
import { createMedia, type MediaConfig, type ReadOutside } from '../index.ts';
import type { PublishGrant, Shows } from '../ports.ts';
import type { OpenTap } from '../taps.ts';

export const SHOW_ID = `shw_${'1'.repeat(32)}` as Id<'shw'>;
export const OTHER_SHOW_ID = `shw_${'2'.repeat(32)}` as Id<'shw'>;
export const GOOD_KEY = 'live_good';
/** Of SHOW_ID's second encoder. */
export const BACKUP_KEY = 'live_backup';
export const OTHER_KEY = 'live_other';
/** Belongs to SHOW_ID, but the show takes no video now. */
export const CLOSED_KEY = 'live_closed';

export const grantOf = (showId: Id<'shw'>): PublishGrant => ({
  showId,
  orgId: 'org_test',
  playbackId: showId === SHOW_ID ? 'play-one' : 'play-two',
  isSimulated: false,
  createdAtMs: Date.UTC(2026, 10, 19),
});

export const testShows: Shows = {
  async authorizePublish(streamKey) {
    if (streamKey === GOOD_KEY) return accepted({ ...grantOf(SHOW_ID), source: 'primary' });
    if (streamKey === BACKUP_KEY) return accepted({ ...grantOf(SHOW_ID), source: 'backup' });
    if (streamKey === OTHER_KEY) return accepted({ ...grantOf(OTHER_SHOW_ID), source: 'primary' });
    if (streamKey === CLOSED_KEY) return { ...refused('INSP_MEDIA_SHOW_NOT_OPEN'), show: { showId: SHOW_ID, orgId: 'org_test' } };
    return refused('INSP_MEDIA_STREAM_KEY_INVALID');
  },
};

export type RigOptions = {
  clock?: Clock;
  logger?: Logger;
  shows?: Shows;
  openTaps?: readonly OpenTap[];
  outside?: ReadOutside;
  still?: (showId: string) => Uint8Array | null;
  partMs?: number;
  rtmps?: MediaConfig['rtmps'];
};

export async function createMediaRig(options: RigOptions = {}) {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const ids = createIds(clock, systemRandom);
  const facts: Fact[] = [];
  const media = createMedia({
    config: {
      rtmpPort: 0,
      rtmpHost: '127.0.0.1',
      rtmps: options.rtmps ?? null,
      publicUrl: 'http://127.0.0.1:1',
      partMs: options.partMs ?? 500,
    },
    shows: options.shows ?? testShows,
    recorder: {
      async commit(work) {
        return await work(null, (fact) => facts.push(fact));
      },
    },
    clock,
    ids,
    random: systemRandom,
    logger,
    openTaps: options.openTaps,
    outside: options.outside,
    still: options.still,
  });
  const http = await createHttpServer({ logger: silentLogger, ids, publicUrl: 'http://127.0.0.1:1' });
  media.routes(http);
  await media.start();
  const origin = await http.listen({ port: 0, host: '127.0.0.1' });
  return {
    media,
    facts,
    http,
    origin,
    /** Where the show plays on this rig's free port. */
    playlistUrl: (playbackId: string) => `${origin}${new URL(media.playlistUrl(playbackId)).pathname}`,
    rtmpUrl: (streamKey: string) => `rtmp://127.0.0.1:${media.rtmpPort}/live/${streamKey}`,
    async stop() {
      await media.stop();
      await http.close();
    },
  };
}

export type MediaRig = Awaited<ReturnType<typeof createMediaRig>>;

/** Asks again and again until `probe` answers something; fails with `what` after `timeoutMs`. */
export async function until<T>(what: string, probe: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer as NonNullable<T>;
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
