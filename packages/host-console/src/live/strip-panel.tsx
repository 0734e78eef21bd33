import { formatMoney } from '@insp/protocol';
import { MinuteStrip } from '../minute-strip/minute-strip.tsx';
import { Figure, SimMark } from '../ui/figure.tsx';
import { countText, plural } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useNow } from '../ui/use-now.ts';
import { useLive } from './live-context.tsx';
import classes from './strip-panel.module.css';

/** The totals of the show and its minutes, live: the same numbers the report will hold. */
export function StripPanel() {
  const { room, organization } = useLive();
  const nowMs = useNow(5_000) + room.clockOffsetMs;
  const { kpis } = room;
  const totals = kpis?.totals;
  const money =
    totals && totals.gmvMinor !== null
      ? formatMoney({ amountMinor: totals.gmvMinor, currency: totals.currency ?? 'EUR' }, organization?.locale ?? 'en')
      : null;
  return (
    <Panel
      title="Minutes"
      area="strip"
      aside={
        totals ? (
          <div className={classes.totals}>
            <Figure value={countText(totals.uniqueViewerCount)} unit={plural(totals.uniqueViewerCount, 'viewer')} />
            <Figure value={countText(totals.cartAddCount)} unit={plural(totals.cartAddCount, 'add')} />
            <Figure value={countText(totals.orderCount)} unit={plural(totals.orderCount, 'order')} />
            {money ? <Figure value={money} unit="GMV" /> : null}
            {totals.hasSimulated ? <SimMark /> : null}
          </div>
        ) : null
      }
    >
      {kpis?.minutes.some(({ watchingMax, messageCount }) => watchingMax + messageCount > 0) ? (
        <MinuteStrip minutes={kpis.minutes} highlights={kpis.highlights} products={room.products} nowMs={nowMs} />
      ) : (
        <EmptyState title="No minute counted yet">Viewers, messages, adds and orders are drawn here from the first minute on.</EmptyState>
      )}
    </Panel>
  );
}
