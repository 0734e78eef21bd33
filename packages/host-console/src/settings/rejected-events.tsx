import type { RejectedEvent, RejectedEventCount } from '@insp/protocol';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { listRejectedEvents, readRejectedEventCounts } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { countText, exactTimeText, plural } from '../ui/format.ts';
import { EmptyState, LoadingLines, Problem } from '../ui/states.tsx';
import { Card } from './card.tsx';
import classes from './settings-page.module.css';

/** Events that were turned away: how many for each reason, and the last ones as they came. Each line opens to what was sent. */
export function RejectedEvents() {
  const counts = useQuery({ queryKey: queryKeys.rejectedEventCounts, queryFn: readRejectedEventCounts });
  const total = (counts.data ?? []).reduce((sum, { rejectedCount }) => sum + rejectedCount, 0);
  return (
    <Card
      title="Rejected events"
      lead="What players and programs sent in the last 30 days that did not fit the event contract. It is in no figure."
      aside={total > 0 ? <span className="muted">{`${countText(total)} ${plural(total, 'event')}`}</span> : undefined}
    >
      {counts.isPending ? <LoadingLines count={2} heightPx={32} /> : null}
      {counts.error ? <Problem error={counts.error} onRetry={() => void counts.refetch()} /> : null}
      {counts.data?.length === 0 ? <EmptyState title="Nothing was rejected">Every event that came in fitted.</EmptyState> : null}
      {counts.data && counts.data.length > 0 ? (
        <>
          <ul className={classes.rows} aria-label="By reason">
            {counts.data.map((kind) => (
              <ReasonRow key={`${kind.eventName} ${kind.reason}`} kind={kind} />
            ))}
          </ul>
          <LastRejects />
        </>
      ) : null}
    </Card>
  );
}

function ReasonRow({ kind }: { kind: RejectedEventCount }) {
  return (
    <li className={classes.row}>
      <span className={classes.rowWords}>
        <span className={classes.rowTitle}>{kind.reason}</span>
        <span className="muted">
          {kind.eventName ?? 'no name'}, last {exactTimeText(kind.lastAt)}
        </span>
      </span>
      <span className={classes.rowFigure}>{countText(kind.rejectedCount)}</span>
    </li>
  );
}

function LastRejects() {
  const pages = useInfiniteQuery({
    queryKey: queryKeys.rejectedEvents,
    queryFn: ({ pageParam }) => listRejectedEvents(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? null,
  });
  const rejects = pages.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <h3 className={classes.partTitle}>Last ones</h3>
      {pages.isPending ? <LoadingLines count={3} heightPx={24} /> : null}
      {pages.error ? <Problem error={pages.error} onRetry={() => void pages.refetch()} /> : null}
      {rejects.map((reject) => (
        <Reject key={reject.id} reject={reject} />
      ))}
      {pages.hasNextPage ? (
        <Button variant="subtle" color="gray" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Older ones
        </Button>
      ) : null}
    </>
  );
}

function Reject({ reject }: { reject: RejectedEvent }) {
  return (
    <details className={classes.detail}>
      <summary>
        <time className="muted" dateTime={new Date(reject.receivedAt).toISOString()}>
          {exactTimeText(reject.receivedAt)}
        </time>{' '}
        {reject.eventName ?? 'no name'} <span className="muted">{reject.reason}</span>
      </summary>
      <pre className={classes.code}>{prettyJson(reject.body)}</pre>
    </details>
  );
}

/** A body that was cut is no JSON any more and is shown as it is. */
function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
