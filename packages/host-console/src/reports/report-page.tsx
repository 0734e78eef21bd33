// After the show: what it brought. Every number opens to its definition and formula; every list can be taken away.

import type { Product, ShowReport } from '@insp/protocol';
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { readOrganization } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { rawEventsAddress, readReport } from '../api/shows.ts';
import { MinuteStrip } from '../minute-strip/minute-strip.tsx';
import { useProducts } from '../products/use-products.ts';
import { ReplayCard } from '../replay/replay-card.tsx';
import { samplingSentence } from '../ui/estimates.ts';
import { SimMark } from '../ui/figure.tsx';
import { clockText, dateTimeText } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Shell } from '../ui/shell.tsx';
import { EmptyState, LoadingLines, Problem } from '../ui/states.tsx';
import { useNow } from '../ui/use-now.ts';
import { downloadText } from './download.ts';
import { fileName, highlightsCsv, minutesCsv } from './export-report.ts';
import { HeadlineFigures } from './headline-view.tsx';
import { HighlightsTable, OpenQuestions, Sources, Trace } from './report-lists.tsx';
import classes from './report-page.module.css';

export function ReportPage({ showId }: { showId: string }) {
  const report = useQuery({ queryKey: queryKeys.report(showId), queryFn: () => readReport(showId) });
  if (report.error) {
    return (
      <Shell title="Report">
        <Problem error={report.error} onRetry={() => void report.refetch()} />
      </Shell>
    );
  }
  if (!report.data) {
    return (
      <Shell title="Report">
        <LoadingLines count={10} />
      </Shell>
    );
  }
  return <LoadedReport report={report.data} />;
}

function LoadedReport({ report }: { report: ShowReport }) {
  const { show, kpis } = report;
  const nowMs = useNow(60_000);
  const products = useProducts([...new Set(kpis.highlights.map(({ productId }) => productId))]);
  const organization = useQuery({ queryKey: queryKeys.organization, queryFn: readOrganization });
  const locale = organization.data?.locale ?? 'en-GB';
  const endMs = show.endedAt ?? nowMs;
  return (
    <Shell
      title={`${show.title}, report`}
      heading={
        <>
          {show.title}
          {show.isSimulated || kpis.totals.hasSimulated ? <SimMark /> : null}
        </>
      }
      lead={
        <>
          {show.liveAt === null ? 'Never went live' : `${dateTimeText(show.liveAt, locale)}, ${clockText(endMs - show.liveAt)} on air`}
          {show.hostName ? `, with ${show.hostName}` : ''}.{' '}
          <Link href={`/shows/${show.id}`} className={classes.link}>
            Plan
          </Link>
        </>
      }
      actions={<ExportMenu report={report} products={products} />}
    >
      <div className={classes.stack}>
        <HeadlineFigures report={report} locale={locale} />
        {kpis.sampling ? <p className="muted">{samplingSentence(kpis.sampling, locale)}</p> : null}
        {show.endedAt === null ? null : <ReplayCard showId={show.id} />}
        <section className={classes.card} aria-label="Minutes">
          <h2 className={classes.title}>Minute by minute</h2>
          {kpis.minutes.length > 0 ? (
            <MinuteStrip minutes={kpis.minutes} highlights={kpis.highlights} products={products} nowMs={endMs} heightPx={320} />
          ) : (
            <EmptyState title="No minute was counted">The show was not on air.</EmptyState>
          )}
        </section>
        <HighlightsTable report={report} products={products} locale={locale} endMs={endMs} />
        <div className={classes.columns}>
          <OpenQuestions report={report} products={products} />
          <Sources report={report} />
        </div>
        <Trace report={report} />
      </div>
    </Shell>
  );
}

function ExportMenu({ report, products }: { report: ShowReport; products: ReadonlyMap<string, Product> }) {
  return (
    <>
      <Button variant="subtle" color="gray" leftSection={<Icon name="print" />} onClick={() => window.print()}>
        Print
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="download" />} rightSection={<Icon name="chevronDown" sizePx={14} />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => downloadText(fileName(report, 'highlights', 'csv'), highlightsCsv(report, products), 'text/csv')}>
            Highlights as CSV
          </Menu.Item>
          <Menu.Item onClick={() => downloadText(fileName(report, 'minutes', 'csv'), minutesCsv(report), 'text/csv')}>
            Minutes as CSV
          </Menu.Item>
          <Menu.Item onClick={() => downloadText(fileName(report, 'report', 'json'), JSON.stringify(report, null, 2), 'application/json')}>
            Everything as JSON
          </Menu.Item>
          <Menu.Item component="a" href={rawEventsAddress(report.show.id)} download={fileName(report, 'events', 'ndjson')}>
            Raw events as NDJSON
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
