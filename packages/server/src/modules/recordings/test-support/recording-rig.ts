// Media and recordings on a real database, a real folder and free ports, with the public address of this rig. Only the
// show is a stand-in: its state, its spans on air and its product moments are what the test says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatMessage, Fact, ProductId, PublicReplay, ShowState } from '@insp/protocol';
import { createTestDatabase } from '../../../../test-support/test-database.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { createIds } from '../../../kernel/ids.ts';
import { type Logger, silentLogger } from '../../../kernel/logger.ts';
import { accepted } from '../../../kernel/outcome.ts';
import { systemRandom } from '../../../kernel/random.ts';
import { findFreePort } from '../../../platform/free-port.ts';
import { createHttpServer } from '../../../platform/http/index.ts';
import { setPrincipal } from '../../../platform/http/principal.ts';
import { createMedia } from '../../media/index.ts';
import { GOOD_KEY, grantOf, SHOW_ID, testShows } from '../../media/test-support/media-rig.ts';
import { createRecordings, type RecordingsConfig, recordingsRoutes, type SegmentStore } from '../index.ts';
import type { RecordedMoment } from '../ports.ts';

export const ORG_ID = 'org_test';
export const PRODUCT_ID = `prd_${'3'.repeat(32)}` as ProductId;

export type RecordingRig = Awaited<ReturnType<typeof createRecordingRig>>;

export async function createRecordingRig(
  options: {
    config?: Partial<RecordingsConfig>;
    logger?: Logger;
    /** Wraps the store, to make it fail. */
    wrapStore?: (store: SegmentStore) => SegmentStore;
    store?: SegmentStore;
  } = {},
) {
  const logger = options.logger ?? silentLogger;
  const db = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'insp-recordings-'));
  const ids = createIds(systemClock, systemRandom);
  await db.database.query(
    `INSERT INTO show (id, org_id, title, description, host_name, state, version, is_simulated, playback_id, created_at_ms)
     VALUES ($1, $2, 'A show', '', '', 'live', 1, false, 'play-one', 1)`,
    [SHOW_ID, ORG_ID],
  );
  const show = { showId: SHOW_ID, orgId: ORG_ID, playbackId: 'play-one', state: 'live' as ShowState };
  const spans: { fromMs: number; toMs: number | null }[] = [{ fromMs: 0, toMs: null }];
  const moments: RecordedMoment[] = [];
  const said: ChatMessage[] = [];
  const startOvers: string[] = [];
  const changes: (PublicReplay | null)[] = [];
  const facts: Fact[] = [];
  const port = (await findFreePort(0)) ?? 0;
  const publicUrl = `http://127.0.0.1:${port}`;

  const build = () => {
    const recordings = createRecordings({
      ...{ database: db.database, clock: systemClock, logger },
      config: { folder, publicUrl, ffmpeg: 'ffmpeg', keepDays: 0, quotaBytes: 0, ...options.config },
      ports: {
        show: async (showId) => (showId === SHOW_ID ? { ...show } : null),
        onAirSpans: async () => spans.map((span) => ({ ...span })),
        moments: async () => [...moments],
        said: async (_showId, fromMs, toMs) => said.filter(({ postedAt }) => postedAt >= fromMs && postedAt < toMs),
      },
      ...(options.store ? { store: options.store } : {}),
    });
    recordings.onStartOver((_showId, startOverUrl) => startOvers.push(startOverUrl));
    recordings.onReplayChanged((_showId, replay) => changes.push(replay));
    return recordings;
  };
  let recordings = build();
  const media = createMedia({
    config: { rtmpPort: 0, rtmpHost: '127.0.0.1', publicUrl },
    shows: testShows,
    recorder: {
      async commit(work) {
        return await work(null, (fact) => facts.push(fact));
      },
    },
    ...{ clock: systemClock, ids, random: systemRandom, logger },
    openTaps: [(broadcast) => recordings.openTap(broadcast)],
  });
  const http = await createHttpServer({
    ...{ logger, ids, publicUrl },
    // Here everybody is the owner; who may do what is walked in access-walk.medium.test.ts.
    async guard(request) {
      setPrincipal(request, { kind: 'member', id: 'usr_1', name: 'Owner', orgId: ORG_ID, role: 'owner' });
      return accepted(null);
    },
  });
  media.routes(http);
  recordingsRoutes({
    recordings: {
      get replays() {
        return recordings.replays;
      },
      get store() {
        return recordings.store;
      },
    },
  })(http);
  await recordings.start();
  await media.start();
  await http.listen({ port, host: '127.0.0.1' });

  return {
    ...{ db, folder, media, http, facts, show, spans, moments, said, startOvers, changes, origin: publicUrl },
    get recordings() {
      return recordings;
    },
    /** Another recorder on what is there, as a start after a crash: nothing of the old one is closed. */
    async restartRecordings() {
      recordings = build();
      await recordings.start();
    },
    rtmpUrl: () => `rtmp://127.0.0.1:${media.rtmpPort}/live/${GOOD_KEY}`,
    grant: grantOf(SHOW_ID),
    async endShow() {
      media.endBroadcast(SHOW_ID, 'over');
      show.state = 'ended';
      await recordings.showMoved(SHOW_ID, 'live', 'ended');
    },
    get: (name: string) => fetch(`${publicUrl}/replay/play-one/${name}`),
    text: async (name: string) => (await fetch(`${publicUrl}/replay/play-one/${name}`)).text(),
    replayUrl: `${publicUrl}/replay/play-one/index.m3u8`,
    async stop() {
      await media.stop();
      await recordings.stop();
      await http.close();
      await db.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
