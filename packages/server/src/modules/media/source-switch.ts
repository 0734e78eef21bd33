// Which of a show's two encoders is on air, as a total table: state x event -> state and what is to be done. Pure.
//
//   nobody --ready--> alone --ready (other)--> guarded
//   guarded --gone | silent | asked--> alone, with the other on air
//   guarded --unready | gone (other)--> alone          alone --gone--> nobody
//
// The rule against flapping is what is not here: nothing an encoder off the air does puts it on air while the other
// sends. Who took over stays until it fails itself or the host asks for the other.
import type { IngestSource } from '@insp/protocol';

export type SwitchState =
  /** No picture from anybody. */
  | { readonly kind: 'nobody' }
  /** One is on air; the other is away, or has no key frame to begin with. */
  | { readonly kind: 'alone'; readonly onAir: IngestSource }
  /** One is on air; the other could go on at once. */
  | { readonly kind: 'guarded'; readonly onAir: IngestSource };

export type SwitchEvent =
  /** `source` has a key frame to begin with. */
  | { readonly kind: 'ready'; readonly source: IngestSource }
  /** What it kept has grown too long: it has to wait for its next key frame. */
  | { readonly kind: 'unready'; readonly source: IngestSource }
  /** Its connection is over. */
  | { readonly kind: 'gone'; readonly source: IngestSource }
  /** Who is on air has shown no picture for too long, while the other was heard. */
  | { readonly kind: 'silent' }
  /** The host wants `source`. */
  | { readonly kind: 'asked'; readonly source: IngestSource };

export type SwitchCause = 'gone' | 'silent' | 'asked';

export type SwitchAction =
  | { readonly kind: 'begin'; readonly source: IngestSource }
  | { readonly kind: 'end'; readonly source: IngestSource }
  | { readonly kind: 'switch'; readonly from: IngestSource; readonly to: IngestSource; readonly cause: SwitchCause };

type Step = { readonly state: SwitchState; readonly action: SwitchAction | null };
type StateOf<K extends SwitchState['kind']> = Extract<SwitchState, { kind: K }>;
type EventOf<K extends SwitchEvent['kind']> = Extract<SwitchEvent, { kind: K }>;

export const NOBODY: SwitchState = { kind: 'nobody' };
export const otherSource = (source: IngestSource): IngestSource => (source === 'primary' ? 'backup' : 'primary');

const stay = (state: SwitchState): Step => ({ state, action: null });
const alone = (onAir: IngestSource): SwitchState => ({ kind: 'alone', onAir });

function handOver(from: IngestSource, cause: SwitchCause): Step {
  const to = otherSource(from);
  // Alone for now: who has left the air begins with an empty memory, and is ready again with its next key frame.
  return { state: alone(to), action: { kind: 'switch', from, to, cause } };
}

const table: { [S in SwitchState['kind']]: { [E in SwitchEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => Step } } = {
  nobody: {
    ready: (_state, { source }) => ({ state: alone(source), action: { kind: 'begin', source } }),
    unready: stay,
    gone: stay,
    silent: stay,
    asked: stay,
  },
  alone: {
    ready: (state, { source }) => (source === state.onAir ? stay(state) : stay({ kind: 'guarded', onAir: state.onAir })),
    unready: stay,
    gone: (state, { source }) => (source === state.onAir ? { state: NOBODY, action: { kind: 'end', source } } : stay(state)),
    silent: stay,
    asked: stay,
  },
  guarded: {
    ready: stay,
    unready: (state, { source }) => (source === state.onAir ? stay(state) : stay(alone(state.onAir))),
    gone: (state, { source }) => (source === state.onAir ? handOver(source, 'gone') : stay(alone(state.onAir))),
    silent: ({ onAir }) => handOver(onAir, 'silent'),
    asked: (state, { source }) => (source === state.onAir ? stay(state) : handOver(state.onAir, 'asked')),
  },
};

export function nextSwitchState(state: SwitchState, event: SwitchEvent): Step {
  const row = table[state.kind] as Record<SwitchEvent['kind'], (state: SwitchState, event: SwitchEvent) => Step>;
  return row[event.kind](state, event);
}
