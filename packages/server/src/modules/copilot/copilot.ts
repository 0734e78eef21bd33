// Findings become cues: ranked, throttled, explained, expired (cue-rules.ts decides), shown to the staff of the
// room only. One small state a show, kept while its room is on air; a restart starts with no cue on screen.
import type { AutoEndWarning, Cue, CueId, Fact, ShowId } from '@insp/protocol';
import { ON_AIR_STATES } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { NewFact } from '../capture/index.ts';
import type { Panels } from '../insights/index.ts';
import {
  type CueOutcome,
  type CueState,
  type CueStep,
  candidatesOf,
  EMPTY_CUE_STATE,
  nextCues,
  resolveCue,
  warnHost,
} from './cue-rules.ts';
import type { CopilotPorts, Member } from './ports.ts';

const MAX_SHOWS_KEPT = 200;

export type Copilot = {
  panelsChanged(showId: ShowId, panels: Panels): Promise<void>;
  /** The show ends by itself unless it is kept: said above everything else; null = not any more. */
  warned(showId: ShowId, warning: AutoEndWarning | null): Promise<void>;
  resolve(by: Member, showId: ShowId, cueId: CueId, outcome: 'taken' | 'skipped'): Promise<Outcome<Record<string, never>>>;
  /** Cues on screen, for the snapshot of a console that comes in. */
  cues(showId: ShowId): Cue[];
};

export type CopilotDeps = {
  ports: CopilotPorts;
  accept: (facts: Fact[]) => unknown;
  newFact: NewFact;
  clock: Clock;
  ids: Ids;
  logger: Logger;
};

export function createCopilot({ ports, accept, newFact: fact, clock, ids, logger }: CopilotDeps): Copilot {
  const states = new Map<ShowId, CueState>();

  function setState(showId: ShowId, state: CueState): void {
    states.delete(showId);
    states.set(showId, state);
    const oldest = states.keys().next().value;
    if (states.size > MAX_SHOWS_KEPT && oldest) states.delete(oldest);
  }

  function end(show: { orgId: string; isSimulated: boolean }, showId: ShowId, cue: Cue, outcome: CueOutcome): void {
    ports.publish(showId, 'staff', 'cue_ended', { cueId: cue.id, outcome });
    accept([
      fact('copilot.cue_ended', { ...show, showId, kind: outcome, actor: { kind: 'system', id: null }, payload: { cueId: cue.id } }),
    ]);
  }

  function apply(about: { orgId: string; isSimulated: boolean }, showId: ShowId, step: CueStep): void {
    setState(showId, step.state);
    for (const { cue, outcome } of step.ended) end(about, showId, cue, outcome);
    for (const cue of step.shown) {
      ports.publish(showId, 'staff', 'cue_shown', cue);
      accept([
        fact('copilot.cue_shown', {
          ...about,
          showId,
          kind: cue.lane,
          productId: cue.act.kind === 'start_highlight' ? cue.act.productId : null,
          viewerId: cue.act.kind === 'greet' ? cue.act.viewerId : null,
          actor: { kind: 'system', id: null },
          payload: { cueId: cue.id, reason: cue.reason.slice(0, 200) },
        }),
      ]);
    }
  }

  /** What taking a cue does; null = nothing but being taken. */
  function perform(by: Member, showId: ShowId, { act }: Cue): Promise<Outcome<unknown>> | null {
    switch (act.kind) {
      case 'greet':
        return null;
      case 'start_highlight':
        return ports.startHighlight(by, showId, act.productId);
      case 'mark_answered':
        return ports.markAnswered(by, showId, act.questionClusterId);
      case 'keep_live':
        return ports.keepLive(by, showId);
    }
  }

  return {
    async panelsChanged(showId, panels) {
      const show = await ports.showFacts(showId);
      if (!show) return;
      const about = { orgId: show.orgId, isSimulated: show.isSimulated };
      const now = clock.nowMs();
      const newest = show.highlights.toSorted((a, b) => b.startedAt - a.startedAt)[0] ?? null;
      const candidates = ON_AIR_STATES.includes(show.state)
        ? candidatesOf({
            panels,
            products: show.products,
            onDisplay: newest,
            joinedAt: (viewerId) => ports.joinedAt(showId, viewerId),
            now,
          })
        : [];
      const step = nextCues(states.get(showId) ?? EMPTY_CUE_STATE, candidates, now, () => ids.create('cue'));
      apply(about, showId, step);
    },

    async warned(showId, warning) {
      const show = await ports.showFacts(showId);
      if (!show) return;
      const now = clock.nowMs();
      const cue = warning && {
        headline: warning.isLast ? 'The show ends in 2 minutes' : 'The show ends by itself soon',
        detail: warning.sentence,
        reason: 'nobody has said that it goes on',
        act: { kind: 'keep_live' as const },
        expiresAt: Math.max(now + 1, warning.endsAt),
      };
      const step = warnHost(states.get(showId) ?? EMPTY_CUE_STATE, cue, now, () => ids.create('cue'));
      apply({ orgId: show.orgId, isSimulated: show.isSimulated }, showId, step);
    },

    async resolve(by, showId, cueId, outcome) {
      const resolved = resolveCue(states.get(showId) ?? EMPTY_CUE_STATE, cueId, outcome, clock.nowMs());
      if (!resolved) return refused('INSP_COPILOT_CUE_NOT_FOUND');
      const done = outcome === 'taken' ? await perform(by, showId, resolved.cue) : null;
      // The act was refused (sold out meanwhile, three on display): the cue stays, the host reads why.
      if (done && !done.ok) return done;
      // Another console may have resolved it while the act ran: then there is nothing left to end.
      const settled = resolveCue(states.get(showId) ?? EMPTY_CUE_STATE, cueId, outcome, clock.nowMs());
      if (settled) {
        setState(showId, settled.state);
        end({ orgId: by.orgId, isSimulated: false }, showId, settled.cue, outcome);
        logger.debug({ showId, cueId, outcome }, 'cue resolved');
      }
      return accepted({});
    },

    cues: (showId) => (states.get(showId)?.shown ?? []).map(({ subject: _, ...cue }) => cue),
  };
}
