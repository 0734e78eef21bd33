// Reactions as light particles over the picture: at most 12 at once, none for those who asked for less motion.
import type { ReactionKind } from '@insp/protocol';
import type { PlayerState } from '../store/player-state.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import type { View } from './view.ts';

export const MAX_PARTICLES = 12;
/** Of what others sent within a quarter of a second, this many are drawn. */
const MAX_PER_BURST = 3;

export function createParticlesView(random: () => number, prefersLessMotion: () => boolean): View {
  const node = h('div', { class: 'particles', 'aria-hidden': 'true' });
  let lastBurstId = 0;

  const spawn = (kind: ReactionKind) => {
    if (node.childElementCount >= MAX_PARTICLES) return;
    const particle = h('span', { class: `particle ${kind}` }, icon(kind, kind === 'heart'));
    particle.style.setProperty('--drift', `${Math.round(random() * 48 - 24)}px`);
    particle.style.setProperty('--start', `${Math.round(random() * 20 - 10)}px`);
    particle.style.setProperty('--size', `${Math.round(18 + random() * 10)}px`);
    particle.addEventListener('animationend', () => particle.remove());
    node.append(particle);
  };

  return {
    node,
    update({ reactions, surface }: PlayerState) {
      const fresh = reactions.bursts.filter((burst) => burst.id > lastBurstId);
      lastBurstId = reactions.bursts.at(-1)?.id ?? lastBurstId;
      if (surface !== 'open' || prefersLessMotion()) return;
      for (const burst of fresh) for (let i = 0; i < Math.min(burst.count, MAX_PER_BURST); i += 1) spawn(burst.kind);
    },
  };
}
