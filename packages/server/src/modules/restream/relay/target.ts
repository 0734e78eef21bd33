// One restream target during one broadcast: drives the state table with what happens on its line, with the host's
// wishes and with the encoder's coming and going; dials, waits, dials again. Tells every change once.
import type { RestreamReason, RestreamStatus } from '@insp/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import { type Attempt, type AttemptDeps, startAttempt } from './attempt.ts';
import { BACK_OFF, backOffMs } from './back-off.ts';
import type { RelayTag } from './tag-ring.ts';
import { INITIAL_STATE, isChange, nextTargetState, type TargetEvent, type TargetState } from './target-state.ts';

export type TargetChange = { readonly from: TargetState; readonly to: TargetState; readonly atMs: number };
/** Where to, and the key; the key is opened for each connection and kept nowhere. */
export type TargetAddress = { readonly url: string; openKey(): string };

export type TargetDeps = Pick<AttemptDeps, 'openLine' | 'readAddress' | 'ring'> & {
  address: TargetAddress;
  clock: Clock;
  random: Random;
  onChange(change: TargetChange): void;
};

export type Target = {
  /** Should it be on air, and why (not)? */
  want(isWanted: boolean, reason: RestreamReason): void;
  sourceBegan(): void;
  sourceLost(): void;
  push(tag: RelayTag): void;
  /** Other address or key: a connection that stands is ended, and made anew where it should be on air. */
  readdress(address: TargetAddress): void;
  /** The broadcast is over. */
  finish(reason: RestreamReason): void;
  tick(): void;
  status(): RestreamStatus;
};

/** Two missing-acknowledgement alarms with the socket flowing: this server acknowledges as it pleases. */
const FALSE_ALARM_COUNT = 2;
const RATE_WINDOW_MS = 5_000;

export function createTarget(deps: TargetDeps): Target {
  const { clock, random } = deps;
  let { address } = deps;
  let state = INITIAL_STATE;
  let sinceMs = clock.nowMs();
  let isWanted = false;
  let hasSource = false;
  let attempt: Attempt | null = null;
  let cancelRetry = () => {};
  let nextTryAtMs: number | null = null;
  let liveSinceMs: number | null = null;
  let steadyFromMs = 0;
  let droppedBefore = 0;
  let alarmCount = 0;
  let rates: { atMs: number; bytes: number }[] = [];

  function step(event: TargetEvent): void {
    const from = state;
    const to = nextTargetState(from, event);
    if (to === from) return;
    state = to;
    if (!isChange(from, to)) return;
    sinceMs = clock.nowMs();
    deps.onChange({ from, to, atMs: sinceMs });
    enter(from, to);
  }

  function enter(from: TargetState, to: TargetState): void {
    const wasUp = from.kind === 'live' || from.kind === 'degraded';
    const isUp = to.kind === 'live' || to.kind === 'degraded';
    if (isUp && !wasUp) liveSinceMs = clock.nowMs();
    if (!isUp) liveSinceMs = null;
    if (to.kind === 'live') steadyFromMs = clock.steadyMs();
    switch (to.kind) {
      case 'resolving':
        leaveLine(false);
        dial();
        break;
      case 'backoff': {
        leaveLine(false);
        const delayMs = backOffMs(to.attemptCount, random.float());
        nextTryAtMs = clock.nowMs() + delayMs;
        cancelRetry = clock.after(delayMs, () => step({ kind: 'retry_due', reason: 'next_try' }));
        break;
      }
      case 'idle':
      case 'failed':
      case 'ended':
        leaveLine(true);
        break;
      default:
        break;
    }
  }

  function leaveLine(isPolite: boolean): void {
    cancelRetry();
    cancelRetry = () => {};
    nextTryAtMs = null;
    const leaving = attempt;
    attempt = null;
    rates = [];
    if (leaving === null) return;
    droppedBefore += leaving.droppedFrameCount;
    if (leaving.wasGivenUpByAcknowledgements) alarmCount += 1;
    leaving.close(isPolite);
  }

  function dial(): void {
    const started: Attempt = startAttempt({
      ...deps,
      url: address.url,
      streamKey: address.openKey(),
      trustsAcknowledgements: alarmCount < FALSE_ALARM_COUNT,
      tell: (event) => {
        if (attempt === started) step(event);
      },
    });
    attempt = started;
  }

  function follow(reason: RestreamReason): void {
    if (!isWanted) step({ kind: 'unwanted', reason });
    else if (hasSource) step({ kind: 'wanted', reason });
    else if (state.kind === 'idle') step({ kind: 'unwanted', reason: 'waits_for_encoder' });
    else step({ kind: 'source_lost', reason: 'waits_for_encoder' });
  }

  return {
    want(wanted, reason) {
      isWanted = wanted;
      follow(reason);
    },
    sourceBegan() {
      hasSource = true;
      if (isWanted) follow('show_on_air');
    },
    sourceLost() {
      hasSource = false;
      if (isWanted) follow('waits_for_encoder');
    },
    push(tag) {
      attempt?.push(tag);
      if (state.kind === 'publishing' && tag.role === 'key' && attempt !== null && attempt.writtenBytes > 0)
        step({ kind: 'picture_sent', reason: 'picture_sent' });
    },
    readdress(next) {
      address = next;
      if (state.kind === 'idle' || state.kind === 'ended') return;
      step({ kind: 'unwanted', reason: 'changed_by_host' });
      if (isWanted) follow('changed_by_host');
    },
    finish(reason) {
      isWanted = false;
      step({ kind: 'finished', reason });
      leaveLine(true);
    },
    tick() {
      const nowMs = clock.steadyMs();
      attempt?.watch(nowMs);
      if (attempt !== null) {
        rates.push({ atMs: nowMs, bytes: attempt.writtenBytes });
        while (rates.length > 2 && nowMs - (rates[0]?.atMs ?? nowMs) > RATE_WINDOW_MS) rates.shift();
      }
      if (state.kind === 'live' && nowMs - steadyFromMs >= BACK_OFF.resetAfterLiveMs) step({ kind: 'steady' });
    },
    status() {
      const [oldest] = rates;
      const newest = rates.at(-1);
      const spanMs = oldest && newest ? newest.atMs - oldest.atMs : 0;
      const isUp = state.kind === 'live' || state.kind === 'degraded';
      return {
        state: state.kind,
        reason: state.reason,
        detail: state.detail,
        since: sinceMs,
        attemptCount: state.attemptCount,
        nextTryAt: nextTryAtMs,
        liveSince: liveSinceMs,
        bitrateBitsPerSec:
          isUp && oldest && newest && spanMs >= 1_000 ? Math.round(((newest.bytes - oldest.bytes) * 8_000) / spanMs) : null,
        droppedFrameCount: droppedBefore + (attempt?.droppedFrameCount ?? 0),
      };
    },
  };
}
