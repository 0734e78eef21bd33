import { INGEST_SOURCES, type IngestSource } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOBODY, nextSwitchState, otherSource, type SwitchAction, type SwitchEvent, type SwitchState } from './source-switch.ts';

const run = (events: readonly SwitchEvent[]): { state: SwitchState; actions: SwitchAction[] } => {
  let state = NOBODY;
  const actions: SwitchAction[] = [];
  for (const event of events) {
    const step = nextSwitchState(state, event);
    state = step.state;
    if (step.action) actions.push(step.action);
  }
  return { state, actions };
};
const ready = (source: IngestSource): SwitchEvent => ({ kind: 'ready', source });
const gone = (source: IngestSource): SwitchEvent => ({ kind: 'gone', source });
const bothReady = [ready('primary'), ready('backup')];

describe('[RI7] who is on air', () => {
  test.each(INGEST_SOURCES)('the first with a key frame, also if that is the %s', (source) => {
    expect(run([ready(source)])).toEqual({ state: { kind: 'alone', onAir: source }, actions: [{ kind: 'begin', source }] });
  });

  test.each<[string, SwitchEvent, string]>([
    ['its connection ends', gone('primary'), 'gone'],
    ['it falls silent', { kind: 'silent' }, 'silent'],
    ['the host asks', { kind: 'asked', source: 'backup' }, 'asked'],
  ])('the other takes over when %s', (_what, event, cause) => {
    const { state, actions } = run([...bothReady, event]);
    expect(state).toEqual({ kind: 'alone', onAir: 'backup' });
    expect(actions.at(-1)).toEqual({ kind: 'switch', from: 'primary', to: 'backup', cause });
  });

  test('who took over stays: the first coming back changes nothing until the host asks for it', () => {
    const after = [...bothReady, gone('primary'), ready('primary')];
    expect(run(after).state).toEqual({ kind: 'guarded', onAir: 'backup' });
    expect(run(after).actions).toHaveLength(2);
    expect(run([...after, { kind: 'asked', source: 'primary' }]).actions.at(-1)).toMatchObject({ to: 'primary', cause: 'asked' });
  });

  test('a standby without a key frame is not put on air, however silent the other is and whoever asks', () => {
    const events: SwitchEvent[] = [
      ...bothReady,
      { kind: 'unready', source: 'backup' },
      { kind: 'silent' },
      { kind: 'asked', source: 'backup' },
    ];
    expect(run(events).state).toEqual({ kind: 'alone', onAir: 'primary' });
    expect(run([...events, gone('primary')])).toMatchObject({ state: NOBODY });
    expect(run([...events, gone('primary'), ready('backup')]).actions.at(-1)).toEqual({ kind: 'begin', source: 'backup' });
  });

  test('a standby that goes is not missed on air', () => {
    expect(run([...bothReady, gone('backup')])).toEqual({
      state: { kind: 'alone', onAir: 'primary' },
      actions: [{ kind: 'begin', source: 'primary' }],
    });
  });

  test('any order of events: who leaves the air was on it, who enters was ready, and only a failure or the host moves it', () => {
    const source = fc.constantFrom(...INGEST_SOURCES);
    const event: fc.Arbitrary<SwitchEvent> = fc.oneof(
      fc.record({ kind: fc.constantFrom('ready', 'unready', 'gone', 'asked'), source }) as fc.Arbitrary<SwitchEvent>,
      fc.constant<SwitchEvent>({ kind: 'silent' }),
    );
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = NOBODY;
        let onAir: IngestSource | null = null;
        const readiness = { primary: false, backup: false };
        for (const each of events) {
          if (each.kind === 'ready') readiness[each.source] = true;
          if (each.kind === 'unready' && each.source !== onAir) readiness[each.source] = false;
          if (each.kind === 'gone') readiness[each.source] = false;
          const step = nextSwitchState(state, each);
          state = step.state;
          const { action } = step;
          reached.add(`${state.kind} ${action?.kind ?? ''}`);
          if (action?.kind === 'begin') {
            expect(onAir).toBeNull();
            onAir = action.source;
          } else if (action?.kind === 'end') {
            expect([each.kind, action.source]).toEqual(['gone', onAir]);
            onAir = null;
          } else if (action?.kind === 'switch') {
            expect([action.from, action.to]).toEqual([onAir, otherSource(action.from)]);
            expect(readiness[action.to]).toBe(true);
            expect(['gone', 'silent', 'asked']).toContain(each.kind);
            readiness[action.from] = false;
            onAir = action.to;
          }
          expect(state.kind === 'nobody' ? null : state.onAir).toBe(onAir);
        }
      }),
      { numRuns: 500 },
    );
    for (const way of ['alone begin', 'guarded ', 'alone switch', 'nobody end']) expect(reached).toContain(way);
  });
});
