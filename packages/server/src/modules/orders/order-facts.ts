// The facts of an order. One `orders.order_placed` for each show that has lines in it (an order from two shows counts in
// both, each with its own money), or one without a show when no line has any; one `orders.line_sold` for each line.
import type { Actor, Fact, OrderId, ProductId } from '@insp/protocol';
import { type PricedLine, splitByShow } from './order-sums.ts';
import type { NewFact } from './ports.ts';

export type FactLine = PricedLine & {
  readonly lineId: string;
  readonly sku: string;
  readonly productId: ProductId | null;
  readonly quantity: number;
};
export type FactOrder = {
  readonly id: OrderId;
  readonly orgId: string;
  readonly orderRef: string;
  readonly currency: string;
  /** False = another currency than the organization's: units count, money does not. */
  readonly isCounted: boolean;
  readonly isSimulated: boolean;
  readonly placedAt: number;
  readonly lines: readonly FactLine[];
};

export const shopActor = (orgId: string): Actor => ({ kind: 'shop', id: orgId });

export function factsOfOrder(newFact: NewFact, order: FactOrder): Fact[] {
  const { id: orderId, orgId, orderRef, currency, isSimulated, placedAt, isCounted } = order;
  const common = { orgId, actor: shopActor(orgId), isSimulated, occurredAt: placedAt };
  const counted = (amountMinor: number) => (isCounted ? amountMinor : 0);
  const parts = splitByShow(order.lines);
  const told = parts.filter(({ attribution }) => attribution !== null || parts.length === 1);
  const placed = told.map(({ attribution, amountMinor, lines }) =>
    newFact('orders.order_placed', {
      ...common,
      ...attribution,
      amountMinor: counted(amountMinor),
      payload: { orderId, orderRef, currency, lineCount: lines.length },
    }),
  );
  const sold = order.lines.map(({ attribution, lineId, sku, productId, quantity, amountMinor }) =>
    newFact('orders.line_sold', {
      ...common,
      ...attribution,
      productId,
      weight: quantity,
      amountMinor: counted(amountMinor),
      payload: { orderId, lineId, sku, currency },
    }),
  );
  return [...placed, ...sold];
}
