// The states of a restream target as one total table: for every state what each event makes of it. No entry, no
// scattered ifs: an event that means nothing in a state is written down as `stay`.
//
//   idle -> resolving -> connecting -> handshaking -> publishing -> live <-> degraded
//             ^                                                        |
//             '---------------- backoff(n) <--- broke, stalled --------'      rejected three times -> failed
import type { RestreamReason, RestreamState } from '@insp/protocol';

export type TargetState = {
  readonly kind: RestreamState;
  readonly reason: RestreamReason;
  /** The platform's words, without the key. */
  readonly detail: string;
  /** Tries in a row that did not last a minute on air. */
  readonly attemptCount: number;
  /** Clear refusals among them. */
  readonly rejectCount: number;
};

type Why = { readonly reason: RestreamReason; readonly detail?: string };
export type TargetEvent =
  /** Should be on air now, and there is a picture. */
  | ({ readonly kind: 'wanted' } & Why)
  /** Should not, or there is none to begin with. */
  | ({ readonly kind: 'unwanted' } & Why)
  | ({ readonly kind: 'finished' } & Why)
  | ({ readonly kind: 'retry_due' } & Why)
  | ({ readonly kind: 'resolved' } & Why)
  | ({ readonly kind: 'connected' } & Why)
  /** Application accepted, stream key sent. */
  | ({ readonly kind: 'asked' } & Why)
  | ({ readonly kind: 'picture_sent' } & Why)
  | ({ readonly kind: 'source_lost' } & Why)
  | ({ readonly kind: 'slow' } & Why)
  | ({ readonly kind: 'recovered' } & Why)
  /** The network's doing: tried again until the show ends. */
  | ({ readonly kind: 'broke' } & Why)
  /** The platform's clear no. */
  | ({ readonly kind: 'rejected' } & Why)
  /** The guard's no: does not change by waiting. */
  | ({ readonly kind: 'barred' } & Why)
  /** A minute on air without a break. */
  | { readonly kind: 'steady' };

export const STATE_LIMITS = { rejectCount: 3 } as const;

type Step = (state: TargetState, why: Why) => TargetState;
const to =
  (kind: RestreamState): Step =>
  (state, { reason, detail = '' }) => ({ ...state, kind, reason, detail });
const stay: Step = (state) => state;
const fresh =
  (kind: RestreamState): Step =>
  (_state, { reason, detail = '' }) => ({ kind, reason, detail, attemptCount: 0, rejectCount: 0 });
const BY_HOST: readonly RestreamReason[] = ['started_by_host', 'stopped_by_host', 'changed_by_host'];
const ifByHost =
  (kind: RestreamState): Step =>
  (state, why) =>
    BY_HOST.includes(why.reason) ? fresh(kind)(state, why) : state;
const backOff: Step = (state, { reason, detail = '' }) => ({
  ...state,
  kind: 'backoff',
  reason,
  detail,
  attemptCount: state.attemptCount + 1,
});
const reject: Step = (state, why) => {
  const refused = { ...backOff(state, why), rejectCount: state.rejectCount + 1 };
  return refused.rejectCount < STATE_LIMITS.rejectCount ? refused : { ...refused, kind: 'failed' };
};
const steady: Step = (state) => ({ ...state, attemptCount: 0, rejectCount: 0 });

type Row = Readonly<Record<TargetEvent['kind'], Step>>;
const NOTHING: Row = {
  wanted: stay,
  unwanted: stay,
  finished: fresh('ended'),
  retry_due: stay,
  resolved: stay,
  connected: stay,
  asked: stay,
  picture_sent: stay,
  source_lost: stay,
  slow: stay,
  recovered: stay,
  broke: stay,
  rejected: stay,
  barred: stay,
  steady: stay,
};
/** Between the first look-up and the last byte. */
const UNDER_WAY: Row = { ...NOTHING, unwanted: fresh('idle'), broke: backOff, rejected: reject, barred: to('failed') };
/** Before there is anything on air, a lost encoder means to wait for it. */
const ON_THE_WAY: Row = { ...UNDER_WAY, source_lost: fresh('idle') };

const TABLE: Readonly<Record<RestreamState, Row>> = {
  idle: { ...NOTHING, wanted: fresh('resolving'), unwanted: to('idle') },
  resolving: { ...ON_THE_WAY, resolved: to('connecting') },
  connecting: { ...ON_THE_WAY, connected: to('handshaking') },
  handshaking: { ...ON_THE_WAY, asked: to('publishing') },
  publishing: { ...UNDER_WAY, picture_sent: to('live') },
  live: { ...UNDER_WAY, source_lost: to('publishing'), slow: to('degraded'), steady },
  degraded: { ...UNDER_WAY, source_lost: to('publishing'), recovered: to('live') },
  backoff: { ...NOTHING, unwanted: fresh('idle'), source_lost: fresh('idle'), retry_due: to('resolving') },
  // Stays on the host's screen, over the end of the show too, until the host does something about it.
  failed: { ...NOTHING, finished: stay, wanted: ifByHost('resolving'), unwanted: ifByHost('idle') },
  ended: { ...NOTHING, finished: stay, wanted: fresh('resolving') },
};

export const INITIAL_STATE: TargetState = { kind: 'idle', reason: 'not_started', detail: '', attemptCount: 0, rejectCount: 0 };

/** The next state; the same object when nothing changes. */
export function nextTargetState(state: TargetState, event: TargetEvent): TargetState {
  return TABLE[state.kind][event.kind](state, event.kind === 'steady' ? { reason: state.reason } : event);
}

/** A change worth keeping: another state, or the same for another reason. */
export function isChange(from: TargetState, to: TargetState): boolean {
  return from.kind !== to.kind || from.reason !== to.reason;
}
