// The next price of a lot, from stock, time and what the whole room wants; within floor, ceiling and step. One price for
// everybody: the input has no field for who asks, and `EveryoneOnly` refuses one that was added.
//
// Pace rule: sold share so far against the time share gone. Ahead of the plan the price may rise, behind it may fall, in whole
// steps, at most `maxSteps` at once, never oftener than `restMs`, so that a host can say every change aloud.
import { InputError } from '../../input-error.ts';

export type PriceInput = {
  readonly currentMinor: number;
  readonly floorMinor: number;
  readonly ceilingMinor: number;
  /** Prices are floor + a whole number of steps (the ceiling is always allowed). */
  readonly stepMinor: number;
  readonly stockAtStartCount: number;
  readonly stockLeftCount: number;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  readonly nowMs: number;
  readonly changedAtMs: number | null;
  /** Carts with this lot now, over the whole room: demand already on its way. */
  readonly roomCartCount: number;
};

export type PriceRuleOptions = {
  /** Difference between sold share and time share that moves one step. */
  readonly paceRatio: number;
  readonly maxSteps: number;
  readonly restMs: number;
};

export const DEFAULT_PRICE_RULE: PriceRuleOptions = { paceRatio: 0.15, maxSteps: 2, restMs: 60_000 };

export type PriceReason = 'sold_out' | 'not_running' | 'resting' | 'on_pace' | 'ahead_of_pace' | 'behind_pace';
export type PriceAdvice = { readonly priceMinor: number; readonly reason: PriceReason };

/** Exactly the fields of PriceInput: any other (a viewer, a segment, a device) makes the argument `never`. */
export type EveryoneOnly<T extends PriceInput> = Exclude<keyof T, keyof PriceInput> extends never ? T : never;

/** Advises the price for everyone. Refuses by column: money that is no whole number, floor above ceiling, time running backwards. */
export function advisePrice<T extends PriceInput>(input: EveryoneOnly<T>, options: Partial<PriceRuleOptions> = {}): PriceAdvice {
  const { paceRatio, maxSteps, restMs } = { ...DEFAULT_PRICE_RULE, ...options };
  check(input);
  const { currentMinor, floorMinor, stockAtStartCount, stockLeftCount, startedAtMs, endsAtMs, nowMs, changedAtMs, roomCartCount } = input;
  const keep = (reason: PriceReason): PriceAdvice => ({ priceMinor: onGrid(input, currentMinor), reason });
  if (stockLeftCount === 0) return keep('sold_out');
  if (nowMs < startedAtMs || nowMs >= endsAtMs) return keep('not_running');
  if (changedAtMs !== null && nowMs - changedAtMs < restMs) return keep('resting');
  const soldRatio = Math.min(1, (stockAtStartCount - stockLeftCount + roomCartCount) / stockAtStartCount);
  const timeRatio = (nowMs - startedAtMs) / (endsAtMs - startedAtMs);
  const steps = Math.max(-maxSteps, Math.min(maxSteps, Math.trunc((soldRatio - timeRatio) / paceRatio)));
  if (steps === 0) return keep('on_pace');
  const priceMinor = onGrid(input, Math.max(floorMinor, onGrid(input, currentMinor) + steps * input.stepMinor));
  return { priceMinor, reason: steps > 0 ? 'ahead_of_pace' : 'behind_pace' };
}

/** Nearest allowed price, the lower one half way. */
function onGrid({ floorMinor, ceilingMinor, stepMinor }: PriceInput, priceMinor: number): number {
  if (priceMinor >= ceilingMinor) return ceilingMinor;
  const steps = Math.max(0, Math.ceil((priceMinor - floorMinor) / stepMinor - 0.5));
  return Math.min(ceilingMinor, floorMinor + steps * stepMinor);
}

function check(input: PriceInput): void {
  for (const column of [
    'currentMinor',
    'floorMinor',
    'ceilingMinor',
    'stepMinor',
    'stockAtStartCount',
    'stockLeftCount',
    'roomCartCount',
  ] as const) {
    if (!Number.isInteger(input[column]) || input[column] < 0)
      throw new InputError(`${input[column]} is not a whole number >= 0`, { column });
  }
  if (input.stepMinor === 0) throw new InputError('a step of 0 leads nowhere', { column: 'stepMinor' });
  if (input.floorMinor > input.ceilingMinor) throw new InputError('the floor lies above the ceiling', { column: 'floorMinor' });
  if (input.stockAtStartCount === 0) throw new InputError('no stock to begin with', { column: 'stockAtStartCount' });
  if (input.stockLeftCount > input.stockAtStartCount) throw new InputError('more left than there was', { column: 'stockLeftCount' });
  if (!(input.endsAtMs > input.startedAtMs)) throw new InputError('the end is not after the start', { column: 'endsAtMs' });
  if (!Number.isFinite(input.nowMs)) throw new InputError(`${input.nowMs} is not a time`, { column: 'nowMs' });
}
