// The money of orders as integers: what each show gets of an order, and how much of a refund counts. Nothing is lost or
// counted twice: parts sum to the whole (property tests).
import type { ShowId } from '@insp/protocol';
import type { Attribution } from './attribution.ts';

/** What a fact can carry; an order above it is refused, not cut. */
export const MAX_ORDER_MINOR = 1_000_000_000_000;

export type PricedLine = { readonly amountMinor: number; readonly attribution: Attribution | null };
/** A show's part of an order; the first of its lines names viewer and highlight. `attribution` null = of no show. */
export type ShowPart<L extends PricedLine> = {
  readonly attribution: Attribution | null;
  readonly amountMinor: number;
  readonly lines: readonly L[];
};

export const sumMinor = (lines: readonly { readonly amountMinor: number }[]) =>
  lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Splits the lines by show, in the order the shows appear; lines of no show come last, as one part. */
export function splitByShow<L extends PricedLine>(lines: readonly L[]): ShowPart<L>[] {
  const groups = new Map<ShowId | null, L[]>();
  for (const line of lines) {
    const showId = line.attribution?.showId ?? null;
    groups.set(showId, [...(groups.get(showId) ?? []), line]);
  }
  const parts = [...groups.values()].map((own) => ({ attribution: own[0]?.attribution ?? null, amountMinor: sumMinor(own), lines: own }));
  return [...parts.filter(({ attribution }) => attribution !== null), ...parts.filter(({ attribution }) => attribution === null)];
}

/** How much of a refund counts: never more than is left of what was paid for the line. */
export function countRefund(paidMinor: number, refundedBeforeMinor: number, toldMinor: number): number {
  return Math.max(0, Math.min(toldMinor, paidMinor - refundedBeforeMinor));
}
