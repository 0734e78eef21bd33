// Figures that hold sampled facts say so (product rule 1): they wear `~`, and one sentence tells since when. Pure.
import type { SamplingNote } from '@insp/protocol';
import { timeText } from './format.ts';

export const STAYS_EXACT = 'Orders, money, adds to cart, viewers and messages are counted one by one.';

/** Whether a figure holds sampled facts; it then wears `~`. */
export const isEstimated = (sampling: SamplingNote | null | undefined, figure: string): boolean =>
  sampling?.estimated.includes(figure) ?? false;

/** Under figures of a show that was sampled; empty when it was not. */
export function samplingSentence(sampling: SamplingNote | null, locale?: string): string {
  if (sampling === null) return '';
  return `Figures marked ~ are estimates: from ${timeText(sampling.sinceMs, locale)} on the server counted a share of them and weighted it. ${STAYS_EXACT}`;
}
