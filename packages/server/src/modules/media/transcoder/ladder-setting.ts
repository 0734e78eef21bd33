// INSP_MEDIA_LADDER: which smaller pictures are made.
import { LADDER_LIMITS } from '@insp/media';
import { AppError } from '../../../kernel/app-error.ts';

export type Ladder = { readonly kind: 'auto' | 'off' } | { readonly kind: 'sides'; readonly sidesPx: readonly number[] };

const { minSidePx, maxSidePx, rungCount } = LADDER_LIMITS;

/** Throws INSP_CONFIG_INVALID_SETTING. */
export function parseLadder(text: string): Ladder {
  if (text === 'auto' || text === 'off') return { kind: text };
  const sidesPx = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  const isGood = sidesPx.every((sidePx) => sidePx % 2 === 0 && sidePx >= minSidePx && sidePx <= maxSidePx);
  if (isGood && sidesPx.length <= rungCount && new Set(sidesPx).size === sidesPx.length) return { kind: 'sides', sidesPx };
  throw new AppError('INSP_CONFIG_INVALID_SETTING', {
    detail: `INSP_MEDIA_LADDER "${text}" must be auto, off, or up to ${rungCount} different even numbers from ${minSidePx} to ${maxSidePx}, such as 720,360.`,
  });
}
