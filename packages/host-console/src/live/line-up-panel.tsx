// The products of the show, one tap from the display: in the planned order, or in Sell IQ's, each with its reason.

import { formatMoney, type Product, type ProductId } from '@insp/protocol';
import { SegmentedControl, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { isSoldOut, priceOf, stockCountOf } from '../products/product-facts.ts';
import { ProductThumb } from '../products/product-thumb.tsx';
import { SimMark } from '../ui/figure.tsx';
import { Panel } from '../ui/panel.tsx';
import { EmptyState } from '../ui/states.tsx';
import classes from './line-up-panel.module.css';
import { useLive } from './live-context.tsx';
import { suggestedNext } from './next-product.ts';

type Line = { productId: string; product: Product; reason: string; isSuggested: boolean };

export function LineUpPanel() {
  const { show, room, can } = useLive();
  const [order, setOrder] = useState<'planned' | 'sell'>('planned');
  const suggested = suggestedNext(room.sellOrder);
  const hasSellIq = can('copilot.use') && room.sellOrder !== null;
  const planned = show.lineUp.map(({ productId, note }) => ({ productId: productId as string, reason: note }));
  const ranked = (room.sellOrder?.entries ?? [])
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ productId, reason }) => ({ productId: productId as string, reason }));
  const lines: Line[] = (order === 'sell' && hasSellIq ? ranked : planned).flatMap(({ productId, reason }) => {
    const product = room.products.get(productId as ProductId);
    const isSuggested = hasSellIq && suggested?.productId === productId;
    return product
      ? [{ productId, product, reason: isSuggested && order === 'planned' ? (suggested?.reason ?? reason) : reason, isSuggested }]
      : [];
  });

  return (
    <Panel
      title="Line-up"
      area="lineup"
      isFlush
      aside={
        hasSellIq ? (
          <SegmentedControl
            size="xs"
            value={order}
            onChange={(value) => setOrder(value as 'planned' | 'sell')}
            data={[
              { value: 'planned', label: 'Planned' },
              { value: 'sell', label: 'Sell IQ' },
            ]}
            aria-label="Order of the line-up"
            classNames={{ root: classes.order }}
          />
        ) : null
      }
    >
      {lines.length === 0 ? (
        <div className={classes.empty}>
          <EmptyState title="The line-up is empty">Add products on the planning page; they appear here at once.</EmptyState>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard
        <ol className={classes.list} tabIndex={0} aria-label="Line-up">
          {lines.map((line, index) => (
            <LineUpLine key={line.productId} line={line} number={index + 1} />
          ))}
        </ol>
      )}
      {order === 'sell' && room.sellOrder ? <p className={classes.rule}>{room.sellOrder.rule}</p> : null}
    </Panel>
  );
}

function LineUpLine({ line, number }: { line: Line; number: number }) {
  const { room, acts, organization, can, show } = useLive();
  const { product } = line;
  const highlight = room.highlights.find(({ productId }) => productId === product.id);
  const gone = isSoldOut(product);
  const price = priceOf(product);
  const stock = stockCountOf(product);
  const mark = highlight ? 'on display' : gone ? 'sold out' : line.isSuggested ? 'suggested' : '';
  const act = () =>
    void acts.act(
      highlight
        ? { kind: 'hide_highlight', highlightId: highlight.id, productId: product.id }
        : { kind: 'show_product', productId: product.id },
    );
  const stockWords = gone ? '' : stock === null ? '' : `${stock} left`;
  const isSimulated = line.isSuggested && (show.isSimulated || room.kpis?.totals.hasSimulated);
  const words = (
    <>
      <span className={classes.number}>{number}</span>
      <ProductThumb product={product} />
      <span className={classes.words}>
        <span className={classes.top}>
          <span className={`${classes.name} truncate`}>{product.title}</span>
          {mark ? (
            <span className={classes.mark} data-mark={mark}>
              {mark}
            </span>
          ) : null}
        </span>
        <span className={classes.bottom}>
          {line.reason ? (
            <span className="truncate" title={line.reason}>
              {line.reason}
            </span>
          ) : (
            <span className="truncate">
              {[price ? formatMoney(price, organization?.locale ?? 'en') : '', stockWords].filter(Boolean).join(' · ')}
            </span>
          )}
          {isSimulated ? <SimMark /> : null}
        </span>
      </span>
    </>
  );
  return (
    <li className={classes.line} data-on={Boolean(highlight)} data-gone={gone}>
      {can('show.run') ? (
        <UnstyledButton
          className={classes.tap}
          onClick={act}
          aria-pressed={Boolean(highlight)}
          title={highlight ? `Hide ${product.title}` : `Show ${product.title}`}
        >
          {words}
        </UnstyledButton>
      ) : (
        <div className={classes.tap}>{words}</div>
      )}
    </li>
  );
}
