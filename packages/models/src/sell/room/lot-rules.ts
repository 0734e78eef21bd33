// What the shop's rules say about showing a lot now, before any taste is asked: stock, price floor, shown lately, contract.
import { InputError } from '../../input-error.ts';

export type Lot = {
  readonly lotId: string;
  /** From the stock ledger; not given = not limited. */
  readonly stockCount?: number;
  readonly priceMinor?: number;
  /** Lowest price the lot may be sold at. */
  readonly floorMinor?: number;
  /** Earned per sale. Given for all lots or for none. */
  readonly marginMinor?: number;
  /** On-air time the contract promises within the show. */
  readonly minAirtimeMs?: number;
  readonly shownMs?: number;
  readonly lastShownAtMs?: number;
};

export type LotRuleOptions = {
  /** A lot rests this long after it was shown. */
  readonly restMs: number;
  /** How long a lot is shown as a rule: owed airtime goes first when what is left after it would not fit one more. */
  readonly slotMs: number;
};

export const DEFAULT_LOT_RULES: LotRuleOptions = { restMs: 10 * 60_000, slotMs: 3 * 60_000 };

export type HoldReason = 'sold_out' | 'below_price_floor' | 'shown_lately';
export type RuledLot = {
  readonly lot: Lot;
  /** Airtime still owed by contract. */
  readonly owedMs: number;
  /** The contract wants it now. */
  readonly isDue: boolean;
};

/**
 * Splits lots into those that may be shown and those held back, with the reason. A lot whose contract airtime would no longer
 * fit is due, and does not rest. `timeLeftMs` null = open end: nothing is ever due. Refuses by name: ids given twice, figures
 * that are no finite numbers >= 0, margins given for some lots only.
 */
export function applyLotRules(
  lots: readonly Lot[],
  nowMs: number,
  timeLeftMs: number | null,
  options: LotRuleOptions = DEFAULT_LOT_RULES,
): { open: RuledLot[]; held: { lotId: string; reason: HoldReason }[] } {
  checkLots(lots);
  const owedOf = (lot: Lot) => Math.max(0, (lot.minAirtimeMs ?? 0) - (lot.shownMs ?? 0));
  const sellable = lots.filter((lot) => holdReason(lot, nowMs, { ...options, restMs: 0 }) === null);
  const owedTotalMs = sellable.reduce((sum, lot) => sum + owedOf(lot), 0);
  const isTight = timeLeftMs !== null && timeLeftMs - owedTotalMs < options.slotMs;
  const open: RuledLot[] = [];
  const held: { lotId: string; reason: HoldReason }[] = [];
  for (const lot of lots) {
    const owedMs = owedOf(lot);
    const isDue = isTight && owedMs > 0;
    const reason = holdReason(lot, nowMs, isDue ? { ...options, restMs: 0 } : options);
    if (reason === null) open.push({ lot, owedMs, isDue });
    else held.push({ lotId: lot.lotId, reason });
  }
  return { open, held };
}

function holdReason(lot: Lot, nowMs: number, { restMs }: LotRuleOptions): HoldReason | null {
  if (lot.stockCount !== undefined && lot.stockCount <= 0) return 'sold_out';
  if (lot.priceMinor !== undefined && lot.floorMinor !== undefined && lot.priceMinor < lot.floorMinor) return 'below_price_floor';
  if (lot.lastShownAtMs !== undefined && nowMs - lot.lastShownAtMs < restMs) return 'shown_lately';
  return null;
}

function checkLots(lots: readonly Lot[]): void {
  const seen = new Set<string>();
  const withMargin = lots.filter(({ marginMinor }) => marginMinor !== undefined).length;
  for (const [index, lot] of lots.entries()) {
    const row = index + 1;
    if (seen.has(lot.lotId)) throw new InputError(`lot ${lot.lotId} is given twice`, { row, column: 'lotId' });
    seen.add(lot.lotId);
    for (const column of ['stockCount', 'priceMinor', 'floorMinor', 'marginMinor', 'minAirtimeMs', 'shownMs'] as const) {
      const value = lot[column];
      if (value !== undefined && !(Number.isFinite(value) && value >= 0))
        throw new InputError(`${value} of lot ${lot.lotId} is not a number >= 0`, { row, column });
    }
    if (withMargin > 0 && lot.marginMinor === undefined)
      throw new InputError(`lot ${lot.lotId} has no margin, others have: they cannot be compared`, { row, column: 'marginMinor' });
  }
}
