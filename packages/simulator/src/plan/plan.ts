// The plan of a simulated audience: who comes and goes when, who says what. A pure function of its options; the same
// seed is the same plan. What depends on the show itself (a product goes on display) is not planned but decided the
// same way at that moment: highlight-response.ts.
//
// Two ways to fill it:
//   built in   arrivals are a Poisson process after a first rush, stays are exponential, talk is a Poisson process
//   a trace    one message for each row of a real chat's times; authors come shortly before their first line and
//              leave some time after their last
import { REACTION_KINDS, type ReactionKind } from '@insp/protocol';
import { COMMENTS, GREETINGS, type Language, pickLanguage, pickLine, pickTopic, QUESTIONS } from './corpus.ts';
import { createCustomers, DEVICES, type SimulatedCustomer, SOURCES } from './people.ts';
import { createSeeded, type Seeded } from './seeded.ts';
import type { TraceRow } from './trace.ts';

export type PlannedViewer = {
  number: number;
  /** A customer of the shop who is signed in, or null for a stranger. */
  customer: SimulatedCustomer | null;
  language: Language;
  device: (typeof DEVICES)[number];
  source: (typeof SOURCES)[number];
};
export type PlannedEvent =
  | { atMs: number; type: 'arrive'; viewer: number }
  | { atMs: number; type: 'say'; viewer: number; text: string }
  | { atMs: number; type: 'react'; viewer: number; kind: ReactionKind; count: number }
  | { atMs: number; type: 'leave'; viewer: number };
export type Plan = { viewers: PlannedViewer[]; events: PlannedEvent[]; durationMs: number };

export type PlanOptions = {
  seed: string | number;
  /** Most viewers in the room at one time. */
  viewerCount: number;
  durationMs: number;
  /** Rows of a trace and how much faster than life to replay it. */
  trace?: { rows: readonly TraceRow[]; speed: number } | null;
};

export const PLAN_LIMITS = { viewerCount: 5_000, durationMs: 24 * 60 * 60_000, speed: 100 } as const;

const CUSTOMER_SHARE = 1 / 3;
const MEAN_STAY_MS = 9 * 60_000;
/** Most come when the show begins. */
const FIRST_RUSH_SHARE = 0.85;
const FIRST_RUSH_MEAN_MS = 18_000;
const MESSAGES_PER_VIEWER_SEC = 0.012;
const REACTIONS_PER_VIEWER_SEC = 0.012;
const MIN_STAY_MS = 15_000;

export function createPlan(options: PlanOptions): Plan {
  const random = createSeeded(options.seed);
  const stays = options.trace ? staysOfTrace(options, options.trace, random.fork('stays')) : builtInStays(options, random.fork('stays'));
  const viewers = castViewers(stays.length, random.fork('people'), random);
  const events: PlannedEvent[] = stays.flatMap(({ fromMs, untilMs }, viewer) => [
    { atMs: fromMs, type: 'arrive', viewer },
    { atMs: untilMs, type: 'leave', viewer },
  ]);
  if (options.trace) events.push(...traceTalk(stays, viewers, random.fork('talk')));
  else events.push(...builtInTalk(stays, viewers, options.durationMs, random.fork('talk')));
  events.push(...reactions(stays, options.durationMs, random.fork('reactions')));
  const order = { arrive: 0, say: 1, react: 1, leave: 2 };
  events.sort((a, b) => a.atMs - b.atMs || order[a.type] - order[b.type] || a.viewer - b.viewer);
  return { viewers, events, durationMs: options.durationMs };
}

type Stay = { fromMs: number; untilMs: number; lines: number[] };

function builtInStays({ viewerCount, durationMs }: PlanOptions, random: Seeded): Stay[] {
  const arrivals: number[] = [];
  for (let index = 0; index < Math.round(viewerCount * FIRST_RUSH_SHARE); index += 1) arrivals.push(random.exponential(FIRST_RUSH_MEAN_MS));
  const meanGapMs = MEAN_STAY_MS / (viewerCount * 0.95);
  for (let atMs = random.exponential(meanGapMs); atMs < durationMs; atMs += random.exponential(meanGapMs)) arrivals.push(atMs);
  arrivals.sort((a, b) => a - b);
  const stays: Stay[] = [];
  let leaving: number[] = []; // ends of those present
  for (const arrivalMs of arrivals) {
    const fromMs = Math.round(arrivalMs);
    leaving = leaving.filter((endMs) => endMs > fromMs);
    const untilMs = Math.round(fromMs + MIN_STAY_MS + random.exponential(MEAN_STAY_MS));
    if (fromMs >= durationMs || leaving.length >= viewerCount) continue;
    const stay = { fromMs, untilMs: Math.min(untilMs, durationMs), lines: [] };
    leaving.push(stay.untilMs);
    stays.push(stay);
  }
  return stays;
}

function staysOfTrace({ viewerCount, durationMs }: PlanOptions, trace: NonNullable<PlanOptions['trace']>, random: Seeded): Stay[] {
  const byAuthor = new Map<number, Stay>();
  for (const row of trace.rows) {
    const atMs = Math.round(row.atMs / trace.speed);
    if (atMs >= durationMs) break;
    // More authors than viewers: several authors share one, so that no line of the trace is lost.
    const author = row.author === null ? random.below(viewerCount) : row.author % viewerCount;
    const stay = byAuthor.get(author);
    if (stay) stay.lines.push(atMs);
    else byAuthor.set(author, { fromMs: Math.max(0, atMs - 2_000 - Math.round(random.exponential(8_000))), untilMs: atMs, lines: [atMs] });
  }
  for (const stay of byAuthor.values()) {
    stay.untilMs = Math.min(
      durationMs,
      Math.round((stay.lines.at(-1) ?? stay.fromMs) + MIN_STAY_MS + random.exponential(MEAN_STAY_MS / 3)),
    );
  }
  return [...byAuthor.values()].sort((a, b) => a.fromMs - b.fromMs);
}

function castViewers(count: number, random: Seeded, root: Seeded): PlannedViewer[] {
  const customers = createCustomers(root.fork('customers'));
  const unused: SimulatedCustomer[] = [];
  return Array.from({ length: count }, (_, number) => {
    let customer: SimulatedCustomer | null = null;
    if (random.chance(CUSTOMER_SHARE)) {
      // Everybody comes once before anybody comes again.
      if (unused.length === 0) unused.push(...customers);
      customer = unused.splice(random.below(unused.length), 1)[0] ?? null;
    }
    const language = customer?.language ?? pickLanguage(random);
    return { number, customer, language, device: random.pick(DEVICES), source: random.pick(SOURCES) };
  });
}

/** One line somebody may say at any moment: mostly a comment, often a question, in their own language. */
export function pickSentence(language: Language, random: Seeded): string {
  if (random.chance(0.34)) return pickLine(QUESTIONS[pickTopic(random)], language, random);
  return pickLine(COMMENTS, language, random);
}

function builtInTalk(stays: readonly Stay[], viewers: readonly PlannedViewer[], durationMs: number, random: Seeded): PlannedEvent[] {
  const events: PlannedEvent[] = [];
  stays.forEach(({ fromMs, untilMs }, viewer) => {
    const language = viewers[viewer]?.language ?? 'en';
    const say = (atMs: number, text: string) => {
      if (atMs < untilMs && atMs < durationMs) events.push({ atMs: Math.round(atMs), type: 'say', viewer, text });
    };
    if (random.chance(0.22)) say(fromMs + 3_000 + random.exponential(6_000), pickLine(GREETINGS, language, random));
    // Few talk much, most never.
    const eagerness = random.chance(0.45) ? 0 : random.exponential(1.8);
    if (eagerness === 0) return;
    const meanGapMs = 1_000 / (MESSAGES_PER_VIEWER_SEC * eagerness);
    for (let atMs = fromMs + random.exponential(meanGapMs); atMs < untilMs; atMs += Math.max(2_500, random.exponential(meanGapMs))) {
      say(atMs, pickSentence(language, random));
    }
  });
  return events;
}

function traceTalk(stays: readonly Stay[], viewers: readonly PlannedViewer[], random: Seeded): PlannedEvent[] {
  return stays.flatMap(({ lines }, viewer) => {
    const language = viewers[viewer]?.language ?? 'en';
    return lines.map((atMs, index): PlannedEvent => {
      const text = index === 0 && random.chance(0.3) ? pickLine(GREETINGS, language, random) : pickSentence(language, random);
      return { atMs, type: 'say', viewer, text };
    });
  });
}

function reactions(stays: readonly Stay[], durationMs: number, random: Seeded): PlannedEvent[] {
  const events: PlannedEvent[] = [];
  stays.forEach(({ fromMs, untilMs }, viewer) => {
    const eagerness = random.chance(0.5) ? 0 : random.exponential(2);
    if (eagerness === 0) return;
    const meanGapMs = 1_000 / (REACTIONS_PER_VIEWER_SEC * eagerness);
    for (
      let atMs = fromMs + random.exponential(meanGapMs);
      atMs < Math.min(untilMs, durationMs);
      atMs += Math.max(1_000, random.exponential(meanGapMs))
    ) {
      const kind = random.chance(0.6) ? 'heart' : random.pick(REACTION_KINDS);
      events.push({ atMs: Math.round(atMs), type: 'react', viewer, kind, count: 1 + Math.floor(random.exponential(2)) });
    }
  });
  return events;
}
