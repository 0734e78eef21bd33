// When ffmpeg is started, and when no more. A total table: every state answers every event.
//
//   idle      no source                    wanted   the next key frame starts it
//   running   it runs                      given_up it failed too often; tried again after a pause
//
// At most `restartCount` restarts in `windowMs`; the next failure in that time gives up and tells the host. A pause
// later it is tried once more, then after twice the pause; an encoder that connects anew begins with a clean record.

export const SUPERVISION_LIMITS = {
  restartCount: 3,
  windowMs: 30_000,
  pauseMs: 60_000,
  maxPauseMs: 10 * 60_000,
  /** Told to make something and nothing came out for this long: it hangs, and is killed. */
  stallMs: 6_000,
} as const;

export type Supervision = {
  readonly kind: 'idle' | 'wanted' | 'running' | 'given_up';
  /** Of the last `windowMs`. */
  readonly failedAtMs: readonly number[];
  readonly restartCount: number;
  /** While given up: until when, and how long the next pause is. */
  readonly pausedUntilMs: number;
  readonly pauseMs: number;
};

export type SupervisionEvent = { readonly kind: 'source_came' | 'key_frame' | 'failed' | 'source_left'; readonly atMs: number };
export type SupervisionAction = 'start' | 'end' | 'alert';
type Step = { readonly state: Supervision; readonly actions: readonly SupervisionAction[] };

export const IDLE: Supervision = {
  kind: 'idle',
  failedAtMs: [],
  restartCount: 0,
  pausedUntilMs: 0,
  pauseMs: SUPERVISION_LIMITS.pauseMs,
};

type Handler = (state: Supervision, atMs: number) => Step;

const stay: Handler = (state) => ({ state, actions: [] });
const fresh: Handler = (state) => ({ state: { ...IDLE, kind: 'wanted', restartCount: state.restartCount }, actions: [] });
const leave: Handler = (state) => ({ state: { ...state, kind: 'idle' }, actions: [] });
const start: Handler = (state) => ({ state: { ...state, kind: 'running' }, actions: ['start'] });
const fail: Handler = (state, atMs) => {
  const failedAtMs = [...state.failedAtMs.filter((failedMs) => atMs - failedMs < SUPERVISION_LIMITS.windowMs), atMs];
  if (failedAtMs.length <= SUPERVISION_LIMITS.restartCount)
    return { state: { ...state, kind: 'wanted', failedAtMs, restartCount: state.restartCount + 1 }, actions: [] };
  return {
    state: {
      ...state,
      kind: 'given_up',
      failedAtMs,
      pausedUntilMs: atMs + state.pauseMs,
      pauseMs: Math.min(state.pauseMs * 2, SUPERVISION_LIMITS.maxPauseMs),
    },
    actions: ['alert'],
  };
};
const tryAgain: Handler = (state, atMs) =>
  atMs < state.pausedUntilMs ? stay(state, atMs) : start({ ...state, failedAtMs: [], restartCount: state.restartCount + 1 }, atMs);

const TABLE: Record<Supervision['kind'], Record<SupervisionEvent['kind'], Handler>> = {
  idle: { source_came: fresh, key_frame: stay, failed: stay, source_left: stay },
  wanted: { source_came: fresh, key_frame: start, failed: fail, source_left: leave },
  running: {
    source_came: (state) => ({ state: { ...IDLE, kind: 'wanted', restartCount: state.restartCount }, actions: ['end'] }),
    key_frame: stay,
    failed: fail,
    source_left: (state) => ({ state: { ...state, kind: 'idle' }, actions: ['end'] }),
  },
  given_up: { source_came: fresh, key_frame: tryAgain, failed: stay, source_left: leave },
};

export const nextSupervision = (state: Supervision, event: SupervisionEvent): Step => TABLE[state.kind][event.kind](state, event.atMs);
