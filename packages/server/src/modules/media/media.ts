// Broadcasts of all shows: asks who may send, keeps a channel per show, writes facts in order, ticks health.
import type { ErrorCode, Fact, Id, IngestSource, StreamHealth, StreamHealthReport } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { BroadcastFact } from './broadcast-state.ts';
import { type Channel, createChannel } from './channel.ts';
import { createFactQueue } from './fact-queue.ts';
import { createHealthBoard, NO_LOOK, type ReadOutside } from './health-board.ts';
import type { DecidePublish, PublishVerdict } from './ingest.ts';
import type { LiveSource } from './media.http.ts';
import { createMomentMemory, type MomentNews } from './moment-memory.ts';
import type { FactRecorder, PublishGrant, Shows } from './ports.ts';
import type { OpenTap } from './taps.ts';

export const MEDIA_LIMITS = {
  /** Shows with a picture at the same time. Memory: about 25 MB each at 6 Mbit/s, twice that with a ladder. */
  channelCount: 64,
  /** How long an encoder may be away and still continue its broadcast. Shows may end earlier by `endBroadcast`. */
  reconnectWindowMs: 30 * 60_000,
  /** How long the last segments stay after the end. */
  keptAfterEndMs: 10 * 60_000,
  /** One fact per show and code in this time, however often an encoder retries. */
  refusalFactIntervalMs: 60_000,
} as const;

export type HealthListener = (showId: Id<'shw'>, health: StreamHealth) => void;

export type Broadcasts = {
  readonly decide: DecidePublish;
  readonly live: LiveSource;
  health(showId: string): StreamHealth;
  healthReport(showId: string): StreamHealthReport;
  isPublishing(showId: string): boolean;
  hasPicture(showId: string): boolean;
  dropEncoder(showId: string, source: IngestSource): void;
  switchSource(showId: string, source: IngestSource): boolean;
  endBroadcast(showId: string, reason: string): void;
  onHealthChanged(listen: HealthListener): () => void;
  markMoment(news: MomentNews): void;
  /** Called every second: publishes health, ends what is over, forgets what is old. */
  tick(): void;
  /** Resolves when every fact so far is written or given up. */
  settled(): Promise<void>;
};

export function createBroadcasts(deps: {
  shows: Shows;
  recorder: FactRecorder;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  openTaps: readonly OpenTap[];
  partMs: number;
  outside: ReadOutside;
  /** The newest still of a show's broadcast. */
  still: (showId: string) => Uint8Array | null;
}): Broadcasts {
  const { shows, clock, ids, logger } = deps;
  const byShow = new Map<string, Channel>();
  const byPlayback = new Map<string, Channel>();
  const refusedAtMs = new Map<string, number>();
  const listeners = new Set<HealthListener>();
  const facts = createFactQueue(deps);
  const moments = createMomentMemory();
  const board = createHealthBoard(deps);

  function emptyFact(show: { showId: Id<'shw'>; orgId: string; isSimulated?: boolean }) {
    return {
      id: ids.create('evt'),
      v: 1,
      orgId: show.orgId,
      showId: show.showId,
      occurredAt: clock.nowMs(),
      actor: { kind: 'encoder' as const, id: null },
      isSimulated: show.isSimulated ?? false,
      viewerId: null,
      productId: null,
      highlightId: null,
      kind: null,
      amountMinor: 0,
      weight: 1,
    };
  }

  function recordRefusal(show: { showId: Id<'shw'>; orgId: string; isSimulated?: boolean }, code: ErrorCode): void {
    const key = `${show.showId} ${code}`;
    const nowMs = clock.nowMs();
    if (nowMs - (refusedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < MEDIA_LIMITS.refusalFactIntervalMs) return;
    refusedAtMs.set(key, nowMs);
    facts.add({ ...emptyFact(show), name: 'media.publish_refused', kind: code, payload: {} });
  }

  function recordLife(grant: PublishGrant, fact: BroadcastFact): void {
    logger.info({ showId: grant.showId, ...fact.payload }, fact.name);
    facts.add({ ...emptyFact(grant), ...fact } as Fact);
  }

  function channelFor(grant: PublishGrant): Channel | null {
    const known = byShow.get(grant.showId);
    if (known) return known;
    if (byShow.size >= MEDIA_LIMITS.channelCount) return null;
    const channel: Channel = createChannel({
      grant,
      clock,
      ids,
      logger,
      openTaps: deps.openTaps,
      partMs: deps.partMs,
      onFact: (fact) => recordLife(grant, fact),
      onRefused: (code) => recordRefusal(grant, code),
      onHealth: () => tell(channel),
    });
    for (const moment of moments.open(grant.showId)) channel.mark(moment);
    byShow.set(grant.showId, channel);
    byPlayback.set(grant.playbackId, channel);
    return channel;
  }

  function tell(channel: Channel): void {
    const health = board.keep(channel.grant.showId, channel.look(), clock.nowMs());
    for (const listen of listeners) listen(channel.grant.showId, health);
  }

  const wait = (delayMs: number) => new Promise<void>((resolve) => clock.after(delayMs, resolve));

  return {
    async decide({ streamKey, connection }): Promise<PublishVerdict> {
      const answer = await shows.authorizePublish(streamKey);
      if (!answer.ok) {
        if (answer.show) recordRefusal(answer.show, answer.code);
        return { ok: false, code: answer.code, detail: answer.detail };
      }
      const { source, ...grant } = answer.value;
      const channel = channelFor(grant);
      if (!channel) {
        logger.error({ channelCount: byShow.size }, 'no room for another broadcast');
        return { ok: false, code: 'INSP_HTTP_NOT_READY', detail: 'This server carries as many broadcasts as it can.' };
      }
      let verdict = channel.admit(source, connection);
      if (!verdict.ok && verdict.askAgainInMs !== null) {
        await wait(verdict.askAgainInMs);
        verdict = channel.admit(source, connection);
      }
      if (verdict.ok) return verdict;
      channel.turnAway('INSP_MEDIA_PUBLISHER_PRESENT');
      return { ok: false, code: 'INSP_MEDIA_PUBLISHER_PRESENT' };
    },
    live: {
      ask(playbackId, name, directives, onAnswer) {
        const channel = byPlayback.get(playbackId);
        if (channel) return channel.requests.ask(name, directives, onAnswer);
        onAnswer({ kind: 'none' });
        return () => {};
      },
      still(playbackId) {
        const channel = byPlayback.get(playbackId);
        return channel ? deps.still(channel.grant.showId) : null;
      },
      stopWaiting() {
        for (const { requests } of byShow.values()) requests.stop();
      },
    },
    markMoment(news) {
      const moment = moments.learn(news);
      if (moment) byShow.get(news.showId)?.mark(moment);
    },
    health(showId) {
      return board.health(showId, byShow.get(showId)?.look() ?? NO_LOOK, clock.nowMs());
    },
    healthReport: (showId) => board.report(showId, byShow.get(showId)?.look() ?? NO_LOOK, clock.nowMs()),
    isPublishing: (showId) => byShow.get(showId)?.isPublishing ?? false,
    hasPicture: (showId) => byShow.get(showId)?.hasPicture ?? false,
    dropEncoder(showId, source) {
      byShow.get(showId)?.drop(source);
    },
    switchSource: (showId, source) => byShow.get(showId)?.switchTo(source) ?? false,
    endBroadcast(showId, reason) {
      moments.forgetShow(showId);
      byShow.get(showId)?.end(reason);
    },
    onHealthChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    tick() {
      const nowMs = clock.nowMs();
      for (const [key, atMs] of refusedAtMs) if (nowMs - atMs >= MEDIA_LIMITS.refusalFactIntervalMs) refusedAtMs.delete(key);
      for (const channel of byShow.values()) {
        if (channel.isPublishing) {
          tell(channel);
          continue;
        }
        const idleMs = nowMs - (channel.idleSinceMs ?? nowMs);
        if (channel.endedAtMs === null && idleMs >= MEDIA_LIMITS.reconnectWindowMs) channel.giveUp();
        if (channel.endedAtMs !== null && nowMs - channel.endedAtMs >= MEDIA_LIMITS.keptAfterEndMs) {
          channel.requests.stop();
          byShow.delete(channel.grant.showId);
          board.forget(channel.grant.showId);
          byPlayback.delete(channel.grant.playbackId);
        }
      }
    },
    settled: () => facts.settled(),
  };
}
