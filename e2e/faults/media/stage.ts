// The whole app on a database of its own, with one show on the air and lines to its two encoders.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, createDeriveKey, parseSettings, silentLogger } from '@insp/server';
import { createEmbeddedPostgres, openDatabase } from '@insp/server/events';
import { createPeople } from '../../../packages/server/test-support/test-people.ts';
import { type KeptEncoder, keepEncoding } from './encoder.ts';
import { type PlaylistWatch, watchPlaylist } from './playlist-watch.ts';
import { openWire, type Wire } from './wire.ts';

export const SOURCES = ['primary', 'backup'] as const;
export type Source = (typeof SOURCES)[number];

/** Facts of media, by their numbers in the log. */
const FACTS = { 70: 'started', 71: 'lost', 72: 'resumed', 73: 'refused', 74: 'switched' } as const;
export type MediaFact = {
  readonly name: (typeof FACTS)[keyof typeof FACTS];
  readonly atMs: number;
  readonly payload: Record<string, unknown>;
};

export type Stage = {
  readonly playlistUrl: string;
  readonly multivariantUrl: string;
  readonly watch: PlaylistWatch;
  readonly wires: Readonly<Record<Source, Wire>>;
  /** The encoder at that line, started on the first call. */
  encoder(source: Source): KeptEncoder;
  /** Who is on air, and whether the other could be. */
  health(): { source: string | null; standby: string };
  hasPicture(): boolean;
  factsSince(atMs: number): Promise<MediaFact[]>;
  showState(): Promise<string>;
  endedCount(): Promise<number>;
  close(): Promise<void>;
};

export async function until<T>(what: string, probe: () => T | Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer as NonNullable<T>;
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await sleep(20);
  }
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-faults-media-'));
  await chmod(folder, 0o755);
  const cleanUps: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  const close = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  try {
    const postgres = createEmbeddedPostgres({ folder: join(folder, 'postgres'), logger: silentLogger });
    await postgres.start();
    cleanUps.push(() => postgres.stop());
    const databaseUrl = await postgres.databaseUrl('insp');
    const { settings } = parseSettings({}, ['--http-port', '0', '--rtmp-port', '0', '--database-url', databaseUrl, '--data-dir', folder]);
    const app = await createApp(
      { ...settings, deriveKey: createDeriveKey('faults of media'.repeat(3)) },
      { logger: silentLogger, onFatal() {} },
    );
    await app.start();
    cleanUps.push(() => app.stop());
    const database = openDatabase({ url: databaseUrl, maxConnections: 2, onError() {} });
    cleanUps.push(() => database.close());

    const owner = await createPeople(app.http).owner('Faults');
    const ok = async <T>(answer: ReturnType<typeof owner.post>): Promise<T> => {
      const { statusCode, body } = await answer;
      if (statusCode >= 300) throw new Error(`${statusCode} ${body}`);
      return (body === '' ? null : JSON.parse(body)) as T;
    };
    const show = await ok<{ id: `shw_${string}` }>(owner.post('/v1/shows', { title: 'Cuts', scheduledAt: Date.now() + 3_600_000 }));
    const at = `/v1/shows/${show.id}`;
    const command = (name: string) => ok(owner.post(`${at}/commands`, { command: name }));
    const keyOf = async (path: string) => (await ok<{ streamKey: string }>(owner.post(`${at}/${path}`))).streamKey;
    const keys = { primary: await keyOf('stream-key'), backup: await keyOf('backup-stream-key') };
    await command('schedule');
    await command('open');

    const wires = { primary: await openWire(app.media.rtmpPort), backup: await openWire(app.media.rtmpPort) };
    for (const source of SOURCES) cleanUps.push(() => wires[source].close());
    const encoders = new Map<Source, KeptEncoder>();
    const encoder = (source: Source): KeptEncoder => {
      const known = encoders.get(source);
      if (known) return known;
      const started = keepEncoding(`rtmp://127.0.0.1:${wires[source].port}/live/${keys[source]}`);
      cleanUps.push(() => started.stop());
      encoders.set(source, started);
      return started;
    };
    encoder('primary');
    const previewPlaylistUrl = await until('a picture comes in', async () => {
      return (await ok<{ previewPlaylistUrl: string | null }>(owner.get(at))).previewPlaylistUrl;
    });
    const multivariantUrl = `${app.addresses.localUrl}${new URL(previewPlaylistUrl).pathname}`;
    const playlistUrl = multivariantUrl.replace('index.m3u8', 'video.m3u8');
    await command('go_live');
    const watch = watchPlaylist(playlistUrl);
    cleanUps.push(() => watch.stop());
    return {
      ...{ playlistUrl, multivariantUrl, watch, wires, encoder, close },
      health: () => app.media.health(show.id),
      hasPicture: () => app.media.hasPicture(show.id),
      async factsSince(atMs) {
        const rows = await database.query<{ type: keyof typeof FACTS; atMs: number; payload: Record<string, unknown> }>(
          'SELECT type, occurred_at_ms AS "atMs", props AS payload FROM ev WHERE show_id = $1 AND type BETWEEN 70 AND 74 AND occurred_at_ms >= $2 ORDER BY seq',
          [show.id, atMs],
        );
        return rows.map(({ type, ...fact }) => ({ name: FACTS[type], ...fact, atMs: Number(fact.atMs) }));
      },
      showState: async () => (await ok<{ state: string }>(owner.get(at))).state,
      async endedCount() {
        const [row] = await database.query<{ count: number }>(
          "SELECT count(*)::int AS count FROM show_transition WHERE show_id = $1 AND to_state IN ('ended', 'cancelled')",
          [show.id],
        );
        return row?.count ?? 0;
      },
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
