// What is never shed, walked through by name: every event, every figure, every socket request, at every level. Every
// HTTP route: never-shed.medium.test.ts.
import { type Fact, SHED_LEVELS } from '@insp/protocol';
import { type EventName, eventDefinitions, requestSchemas } from '@insp/protocol/schemas';
import { describe, expect, test } from 'vitest';
import { createRoomFixture, ofType } from '../../../test-support/room-fixture.ts';
import { accepted } from '../../kernel/outcome.ts';
import { aggregateDefinitions } from '../aggregates/definitions.ts';
import type { RequestHandlers } from '../realtime/ports.ts';
import { SHED_WAIT_MAX_MS, SHED_WAIT_MIN_MS } from '../realtime/room-hub.ts';
import { estimatedFigures, FIGURE_CLASS } from './estimated-figures.ts';
import { LEVEL_EFFECTS } from './level-effects.ts';
import { createSampler } from './sampler.ts';
import { KEPT_ONE_IN, keptOneIn, SAMPLING_CLASS } from './sampling-rules.ts';
import { hex, TRAFFIC_START_MS } from './test-support/traffic.ts';

const EVENTS = Object.entries(eventDefinitions) as [EventName, (typeof eventDefinitions)[EventName]][];

/** Facts that say once that somebody was there, wrote, put something aside or bought. */
const IDENTIFYING: EventName[] = ['realtime.viewer_joined', 'realtime.viewer_left', 'player.opened', 'cart.added', 'cart.checkout'];

describe.each(SHED_LEVELS)('level %i', (level) => {
  test('[P6] money, moderation, chat and whoever is counted once go in as they are', () => {
    const sampler = createSampler({ salt: level + 1 });
    for (const [name, { stream }] of EVENTS) {
      if (stream === 'engage' && !IDENTIFYING.includes(name)) continue;
      for (let n = 0; n < 50; n += 1) {
        const fact = { id: `evt_${hex(n)}`, name, viewerId: `vwr_${hex(n % 3)}`, occurredAt: TRAFFIC_START_MS, weight: 2 } as Fact;
        expect(sampler.sample(fact, level, TRAFFIC_START_MS)).toBe(fact);
      }
    }
    expect(EVENTS.filter(([, { stream }]) => stream !== 'engage').length).toBeGreaterThan(15);
  });

  test('[P7] money, orders, adds, viewers, chatters and messages are no estimates', () => {
    const exact = [
      'gmvMinor',
      'refundedMinor',
      'orderCount',
      'unitCount',
      'cartAddCount',
      'uniqueViewerCount',
      'chatterCount',
      'messageCount',
    ];
    expect(estimatedFigures(level).filter((name) => exact.includes(name))).toEqual([]);
  });

  test('[P11] every socket request of staff and of viewers who are here reaches its handler', async () => {
    const handled = new Set<string>();
    const handlers = Object.fromEntries(
      Object.keys(requestSchemas)
        .filter((type) => type !== 'hello')
        .map((type) => [
          type,
          {
            permission: null,
            async handle(session: { role: string }) {
              handled.add(`${session.role} ${type}`);
              return accepted({});
            },
          },
        ]),
    ) as unknown as RequestHandlers;
    let now = LEVEL_EFFECTS[0];
    const room = createRoomFixture({ handlers, pace: () => now });
    const viewer = await room.join(1);
    now = LEVEL_EFFECTS[level];
    const staff = await room.join(2, { role: 'owner', memberId: 'm' });
    for (const type of Object.keys(requestSchemas)) {
      if (type === 'hello') continue;
      room.clock.advance(1_000);
      for (const socket of [viewer, staff]) {
        await socket.send(type, BODIES[type as keyof typeof BODIES], `q-${type}`);
        expect([type, socket.answerTo(`q-${type}`)?.type]).toEqual([type, 'ok']);
      }
    }
    expect(handled.size).toBe(2 * (Object.keys(requestSchemas).length - 1));
  });
});

const ids = { messageId: `msg_${hex(1)}`, viewerId: `vwr_${hex(1)}`, questionClusterId: `qst_${hex(1)}`, cueId: `cue_${hex(1)}` };
/** A well-formed body of each request; total, so that a new request is walked too. */
const BODIES: Record<Exclude<keyof typeof requestSchemas, 'hello'>, object> = {
  send_chat_message: { key: 'k1234567', text: 'hello' },
  set_display_name: { name: 'Ann' },
  send_reaction: { kind: 'heart', count: 1 },
  report_player_events: { events: [{ id: `evt_${hex(1)}`, occurredAt: 1, name: 'player.opened' }] },
  remove_chat_message: { messageId: ids.messageId },
  restore_chat_message: { messageId: ids.messageId },
  pin_chat_message: { messageId: ids.messageId },
  unpin_chat_message: { messageId: ids.messageId },
  ban_viewer: { viewerId: ids.viewerId },
  unban_viewer: { viewerId: ids.viewerId },
  set_slow_mode: { intervalSec: 5 },
  mark_question_answered: { questionClusterId: ids.questionClusterId },
  reopen_question: { questionClusterId: ids.questionClusterId },
  resolve_cue: { cueId: ids.cueId, outcome: 'taken' },
  keep_live: {},
  tell_presence: {},
};

test('[P6] the table of events is total, sheds something, and only engagement', () => {
  expect(Object.keys(SAMPLING_CLASS).sort()).toEqual(Object.keys(eventDefinitions).sort());
  const sampled = EVENTS.filter(([name]) => SAMPLING_CLASS[name] !== 'never');
  expect(sampled.map(([name, { stream }]) => [name, stream])).toEqual(sampled.map(([name]) => [name, 'engage']));
  expect(sampled.length).toBeGreaterThan(5);
  for (const [name] of EVENTS) for (const level of SHED_LEVELS) expect(Math.log2(keptOneIn(name, level)) % 1).toBe(0);
});

test('[P6] levels only ever take more away', () => {
  for (const rates of Object.values(KEPT_ONE_IN)) expect([...rates].sort((a, b) => a - b)).toEqual([...rates]);
  for (const level of [1, 2, 3, 4] as const) {
    const [before, after] = [LEVEL_EFFECTS[(level - 1) as 0], LEVEL_EFFECTS[level]];
    expect(after.streamFlushMs).toBeGreaterThanOrEqual(before.streamFlushMs);
    expect(after.cacheFlushMs).toBeGreaterThanOrEqual(before.cacheFlushMs);
    expect(after.reactionsEveryMs).toBeGreaterThanOrEqual(before.reactionsEveryMs);
    expect([before.tellsPresence || !after.tellsPresence, before.takesNewViewers || !after.takesNewViewers]).toEqual([true, true]);
  }
});

test('[P7] a figure summed from sampled facts says so: the classes of figures and of facts agree with the aggregates', () => {
  // Measures of the show's aggregates, the figure each becomes, and the facts it counts.
  const figureOf: Record<string, keyof typeof FIGURE_CLASS> = {
    visit_count: 'visitCount',
    message_count: 'messageCount',
    reaction_count: 'reactionCount',
    impression_count: 'impressionCount',
    click_count: 'clickCount',
    cart_add_count: 'cartAddCount',
    order_count: 'orderCount',
    unit_count: 'unitCount',
    gmv_minor: 'gmvMinor',
    refunded_minor: 'refundedMinor',
    peak_watching_count: 'peakWatchingCount',
  };
  const classByCode = new Map(EVENTS.map(([name, { code }]) => [code as number, SAMPLING_CLASS[name]]));
  let checked = 0;
  for (const [measure, { where }] of Object.entries(aggregateDefinitions.show.measures as Record<string, { where?: unknown }>)) {
    const figure = figureOf[measure];
    const codes = (where as { oneOf?: number[] } | undefined)?.oneOf;
    if (figure === undefined || codes === undefined) continue;
    checked += 1;
    expect([figure, ...new Set(codes.map((code) => classByCode.get(code)))]).toEqual([figure, FIGURE_CLASS[figure]]);
  }
  expect(checked).toBe(Object.keys(figureOf).length);
});

describe('level 4 at the door', () => {
  test('[P11] a new viewer is asked to wait, each another time; who was here, and staff, come in', async () => {
    let now = LEVEL_EFFECTS[0];
    const room = createRoomFixture({ pace: () => now });
    const here = await room.join(1);
    now = LEVEL_EFFECTS[4];
    const waits = new Set<unknown>();
    for (let n = 10; n < 30; n += 1) {
      const stranger = await room.join(n);
      const refusal = stranger.answerTo('hello');
      expect(refusal?.data.code).toBe('INSP_REALTIME_SHEDDING');
      waits.add(refusal?.data.retryAfterMs);
      stranger.flush();
      expect(stranger.closeCode).toBe(3012);
    }
    expect(waits.size).toBeGreaterThan(15);
    for (const wait of waits as Set<number>) {
      expect(wait).toBeGreaterThanOrEqual(SHED_WAIT_MIN_MS);
      expect(wait).toBeLessThanOrEqual(SHED_WAIT_MAX_MS);
    }
    expect(room.hub.stats().shedCount).toBe(20);
    const back = room.connect();
    here.pair.client.close(1000);
    here.pair.flushUp();
    await back.hello('t1');
    expect(ofType(back.items, 'welcome')).toHaveLength(1);
    expect(ofType((await room.join(40, { role: 'moderator', memberId: 'm' })).items, 'welcome')).toHaveLength(1);
  });
});
