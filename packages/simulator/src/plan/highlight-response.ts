// What one viewer does when a product goes on display. Pure: the same seed, viewer and turn decide the same, whatever
// the show does in between. Customers of the shop look, tap and buy more than strangers; not everybody sees the card.
import type { ReactionKind } from '@insp/protocol';
import { AFTER_BUYING, pickLine, pickTopic, QUESTIONS } from './corpus.ts';
import type { PlannedViewer } from './plan.ts';
import { createSeeded } from './seeded.ts';

export type Act =
  | { afterMs: number; type: 'see' }
  | { afterMs: number; type: 'tap' }
  | { afterMs: number; type: 'react'; kind: ReactionKind; count: number }
  | { afterMs: number; type: 'say'; text: string }
  /** `variant` in [0, 1) picks one of the product's variants. */
  | { afterMs: number; type: 'add'; variant: number; quantity: number }
  | { afterMs: number; type: 'order' };

const INTEREST = { loyal: 1.9, regular: 1.4, once: 1, stranger: 0.75 } as const;

/** Acts in order of time; an order only after an add, an add only after a tap. */
export function respondToHighlight(seed: string | number, viewer: PlannedViewer, turn: number): Act[] {
  const random = createSeeded(`${seed}/highlight/${turn}/${viewer.number}`);
  const interest = INTEREST[viewer.customer?.habit ?? 'stranger'];
  if (!random.chance(0.82)) return [];
  const acts: Act[] = [{ afterMs: Math.round(1_000 + random.exponential(1_500)), type: 'see' }];
  let atMs = (acts[0]?.afterMs ?? 0) + random.exponential(5_000);
  const after = (meanMs: number) => {
    atMs += 400 + random.exponential(meanMs);
    return Math.round(atMs);
  };
  if (random.chance(0.3))
    acts.push({ afterMs: after(3_000), type: 'react', kind: random.pick(['heart', 'heart', 'fire', 'wow']), count: 1 + random.below(4) });
  if (random.chance(0.07))
    acts.push({ afterMs: after(6_000), type: 'say', text: pickLine(QUESTIONS[pickTopic(random)], viewer.language, random) });
  if (!random.chance(Math.min(0.9, 0.26 * interest))) return acts;
  acts.push({ afterMs: after(2_000), type: 'tap' });
  if (!random.chance(Math.min(0.8, 0.22 * interest))) return acts;
  acts.push({ afterMs: after(4_000), type: 'add', variant: random.float(), quantity: random.chance(0.85) ? 1 : 2 });
  if (!random.chance(0.62)) return acts;
  acts.push({ afterMs: after(9_000), type: 'order' });
  if (random.chance(0.25)) acts.push({ afterMs: after(4_000), type: 'say', text: pickLine(AFTER_BUYING, viewer.language, random) });
  return acts;
}
