// One broadcast with its targets while it runs: who should be on air now, and what each is doing.
import type { RestreamStatus, RestreamTarget, ShowState } from '@insp/protocol';
import { ON_AIR_STATES } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import type { Seal } from '../../kernel/seal.ts';
import type { BroadcastTap, PublishGrant } from './ports.ts';
import type { OpenLine, ReadAddress } from './relay/line.ts';
import { createRelay } from './relay/relay.ts';
import { createTarget, type Target, type TargetChange } from './relay/target.ts';
import { boundTo, type TargetRecord, viewOf, wishOf } from './target-record.ts';

export type BroadcastDeps = {
  grant: PublishGrant;
  clock: Clock;
  random: Random;
  logger: Logger;
  seal: Seal;
  openLine: OpenLine;
  readAddress: ReadAddress;
  onChange(record: TargetRecord, change: TargetChange): void;
};

export type Broadcast = {
  readonly grant: PublishGrant;
  readonly tap: Required<Pick<BroadcastTap, 'onConnected' | 'onTag' | 'onDisconnected'>>;
  readonly isOver: boolean;
  /** Some target is connecting or on air. */
  readonly isBusy: boolean;
  showIs(state: ShowState): void;
  /** A target that is new or was changed. */
  put(record: TargetRecord): void;
  remove(targetId: string): void;
  /** Everybody says goodbye. */
  finish(reason: 'show_ended' | 'server_stopping'): void;
  views(): RestreamTarget[];
  tick(): void;
};

type Entry = { record: TargetRecord; readonly target: Target };

export function createBroadcast(deps: BroadcastDeps): Broadcast {
  const { grant, seal } = deps;
  const relay = createRelay(deps);
  const entries = new Map<string, Entry>();
  let isShowOnAir = false;
  let isOver = false;

  const addressOf = (record: TargetRecord) => ({ url: record.url, openKey: () => seal.open(record.sealedKey, boundTo(record)) });

  function follow({ record, target }: Entry): void {
    const { isWanted, reason } = wishOf(record, isShowOnAir);
    target.want(isWanted, reason);
  }

  function add(record: TargetRecord): Entry {
    const entry: Entry = {
      record,
      target: createTarget({
        ...deps,
        ring: relay.ring,
        address: addressOf(record),
        onChange: (change) => deps.onChange(entry.record, change),
      }),
    };
    entries.set(record.id, entry);
    relay.add(record.id, entry.target);
    return entry;
  }

  const broadcast: Broadcast = {
    grant,
    tap: {
      onConnected: () => relay.connected(),
      onTag: (tag) => relay.tag(tag),
      onDisconnected: () => relay.disconnected(),
    },
    get isOver() {
      return isOver;
    },
    get isBusy() {
      return [...entries.values()].some(({ target }) => !['idle', 'failed', 'ended'].includes(target.status().state));
    },
    showIs(state) {
      isShowOnAir = ON_AIR_STATES.includes(state);
      if (state === 'ended' || state === 'cancelled') broadcast.finish('show_ended');
      if (!isOver) for (const entry of entries.values()) follow(entry);
    },
    put(record) {
      const known = entries.get(record.id);
      if (isOver) {
        if (known) known.record = record;
        return;
      }
      if (known === undefined) return follow(add(record));
      const isElsewhere = known.record.url !== record.url || !known.record.sealedKey.equals(record.sealedKey);
      known.record = record;
      if (isElsewhere) known.target.readdress(addressOf(record));
      follow(known);
    },
    remove(targetId) {
      entries.get(targetId)?.target.finish('stopped_by_host');
      relay.remove(targetId);
      entries.delete(targetId);
    },
    finish(reason) {
      if (isOver) return;
      isOver = true;
      for (const { target } of entries.values()) target.finish(reason);
    },
    views: () => [...entries.values()].map(({ record, target }) => viewOf(record, target.status())),
    tick() {
      if (!isOver) for (const { target } of entries.values()) target.tick();
    },
  };
  return broadcast;
}

/** A target nobody restreams at the moment. */
export function restingStatus(record: TargetRecord, showState: ShowState): RestreamStatus {
  const isOver = showState === 'ended' || showState === 'cancelled';
  const { isWanted, reason } = wishOf(record, ON_AIR_STATES.includes(showState));
  return {
    state: isOver ? 'ended' : 'idle',
    reason: isOver ? 'show_ended' : isWanted ? 'waits_for_encoder' : reason,
    detail: '',
    since: null,
    attemptCount: 0,
    nextTryAt: null,
    liveSince: null,
    bitrateBitsPerSec: null,
    droppedFrameCount: 0,
  };
}
