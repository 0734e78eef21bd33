// What shoppers see right now, what it brought since it came on, and the two acts: hide it, or show the next.

import { formatMoney, type Highlight, ON_AIR_STATES } from '@insp/protocol';
import { Button } from '@mantine/core';
import { isSoldOut, priceOf, stockCountOf } from '../products/product-facts.ts';
import { ProductThumb } from '../products/product-thumb.tsx';
import { isEstimated } from '../ui/estimates.ts';
import { Figure } from '../ui/figure.tsx';
import { countText, plural, timerText } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useNow } from '../ui/use-now.ts';
import { displayFigures } from './display-figures.ts';
import { useLive } from './live-context.tsx';
import classes from './on-display.module.css';
import { featuredHighlight } from './room-state.ts';
import { useNext } from './use-next.ts';

const LOW_STOCK_COUNT = 5;

export function OnDisplay() {
  const { room, acts, can } = useLive();
  const featured = featuredHighlight(room.highlights);
  const others = room.highlights.filter((highlight) => highlight.id !== featured?.id);
  const next = useNext();
  const isOpen = ON_AIR_STATES.includes(room.showState) || room.showState === 'waiting';
  const showNext = () => next && void acts.act({ kind: 'show_product', productId: next.product.id });
  const nextButton = next ? (
    <Button variant="default" onClick={showNext} className={classes.next} title={next.product.title}>
      <span className="truncate">Next: {next.product.title}</span>
      <KeyHint letter="N" />
    </Button>
  ) : null;

  return (
    <Panel title="On display" area="display" aside={featured ? <DisplayTimer startedAt={featured.startedAt} /> : null}>
      {featured ? (
        <Featured highlight={featured} nextButton={can('show.run') ? nextButton : null} />
      ) : (
        <EmptyState
          title={isOpen ? 'Nothing is on display' : 'Products can be shown once the room is open'}
          action={isOpen && can('show.run') ? nextButton : null}
        >
          {isOpen ? 'Shoppers see the picture only. Tap a product in the line-up to show it.' : 'The line-up below is ready for it.'}
        </EmptyState>
      )}
      {others.length > 0 ? (
        <ul className={classes.others} aria-label="Also on display">
          {others.map((highlight) => (
            <li key={highlight.id} className={classes.other}>
              <span className="truncate">{room.products.get(highlight.productId)?.title}</span>
              {can('show.run') ? (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  onClick={() => void acts.act({ kind: 'hide_highlight', highlightId: highlight.id, productId: highlight.productId })}
                >
                  Hide
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

export function DisplayTimer({ startedAt }: { startedAt: number }) {
  const { room } = useLive();
  const nowMs = useNow() + room.clockOffsetMs;
  return (
    <span className={classes.timer} role="timer" aria-label="On display for">
      {timerText(nowMs - startedAt)}
    </span>
  );
}

function Featured({ highlight, nextButton }: { highlight: Highlight; nextButton: React.ReactNode }) {
  const { room, acts, organization, can } = useLive();
  const product = room.products.get(highlight.productId);
  if (!product) return <EmptyState title="A product the line-up no longer has" />;
  const price = priceOf(product);
  const stock = stockCountOf(product);
  const figures = displayFigures(room.kpis, highlight.id, highlight.productId);
  const isSimulated = room.kpis?.totals.hasSimulated ?? false;
  const currency = room.kpis?.totals.currency ?? price?.currency ?? 'EUR';
  const locale = organization?.locale ?? 'en';
  const gone = isSoldOut(product);
  return (
    <>
      <div className={classes.product}>
        <ProductThumb product={product} sizePx={56} />
        <div className={classes.words}>
          <p className={`${classes.name} truncate`} title={product.title}>
            {product.title}
          </p>
          <p className={classes.facts}>
            {price ? (
              <span>
                {price.isFrom ? 'from ' : ''}
                {formatMoney(price, locale)}
              </span>
            ) : null}
            {gone ? (
              <span className={classes.act}>Sold out. Hide it, or show the next.</span>
            ) : stock !== null ? (
              <span className={stock <= LOW_STOCK_COUNT ? classes.act : ''}>
                {countText(stock)} left{stock <= LOW_STOCK_COUNT ? ': say so' : ''}
              </span>
            ) : null}
          </p>
        </div>
      </div>
      <div className={classes.bottom}>
        {figures ? (
          <div className={classes.figures}>
            <Figure
              size="l"
              value={countText(figures.clickCount)}
              unit={plural(figures.clickCount, 'click')}
              isEstimated={isEstimated(room.kpis?.sampling, 'clickCount')}
            />
            <Figure size="l" value={countText(figures.cartAddCount)} unit={plural(figures.cartAddCount, 'add')} />
            <Figure
              size="l"
              value={countText(figures.orderCount)}
              unit={plural(figures.orderCount, 'order')}
              isSimulated={isSimulated && figures.gmvMinor === null}
            />
            {figures.gmvMinor === null ? null : (
              <Figure
                size="l"
                value={formatMoney({ amountMinor: figures.gmvMinor, currency }, locale)}
                unit="GMV"
                isSimulated={isSimulated}
              />
            )}
          </div>
        ) : (
          <p className="muted">Figures come with the first click.</p>
        )}
        {can('show.run') ? (
          <div className={classes.acts}>
            <Button
              variant="default"
              onClick={() => void acts.act({ kind: 'hide_highlight', highlightId: highlight.id, productId: highlight.productId })}
              leftSection={<Icon name="eyeOff" />}
            >
              Hide <KeyHint letter="H" />
            </Button>
            {nextButton}
          </div>
        ) : null}
      </div>
    </>
  );
}
