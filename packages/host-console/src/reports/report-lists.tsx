import { formatMoney, type Product, type ShowReport } from '@insp/protocol';
import { ProductThumb } from '../products/product-thumb.tsx';
import { isEstimated } from '../ui/estimates.ts';
import { countText, exactTimeText, rateText, shareText, timerText, timeText } from '../ui/format.ts';
import { EmptyState } from '../ui/states.tsx';
import classes from './report-page.module.css';

/** The rest opens on demand. */
const QUESTIONS_SHOWN = 8;

type Products = ReadonlyMap<string, Product>;

/** What each highlight brought, in the order of the show. */
export function HighlightsTable({
  report,
  products,
  locale,
  endMs,
}: {
  report: ShowReport;
  products: Products;
  locale: string;
  endMs: number;
}) {
  const { highlights, totals } = report.kpis;
  const hasMoney = totals.gmvMinor !== null;
  const about = isEstimated(report.kpis.sampling, 'clickCount') ? '~' : '';
  const money = (amountMinor: number | null) =>
    amountMinor === null ? '–' : formatMoney({ amountMinor, currency: totals.currency ?? 'EUR' }, locale);
  return (
    <section className={classes.card} aria-labelledby="highlights-title">
      <h2 id="highlights-title" className={classes.title}>
        Highlights
      </h2>
      {highlights.length === 0 ? (
        <EmptyState title="Nothing was on display">
          Products that are shown during a show are listed here with what they brought.
        </EmptyState>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and must scroll by keyboard
        <section className={classes.tableWrap} tabIndex={0} aria-label="Table of highlights">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Product</th>
                <th scope="col">Shown at</th>
                <th scope="col">For</th>
                <th scope="col">Clicks</th>
                <th scope="col">Adds</th>
                <th scope="col">Orders</th>
                <th scope="col">CTOR</th>
                {hasMoney ? <th scope="col">GMV</th> : null}
              </tr>
            </thead>
            <tbody>
              {highlights.map((span) => (
                <tr key={span.highlightId}>
                  <th scope="row">
                    <span className={classes.product}>
                      <ProductThumb product={products.get(span.productId)} sizePx={32} />
                      <span className="truncate">{products.get(span.productId)?.title ?? 'A product'}</span>
                    </span>
                  </th>
                  <td>{timeText(span.startedAt)}</td>
                  <td>{timerText((span.endedAt ?? endMs) - span.startedAt)}</td>
                  <td>
                    {about}
                    {countText(span.clickCount)}
                  </td>
                  <td>{countText(span.cartAddCount)}</td>
                  <td>{countText(span.orderCount)}</td>
                  <td>
                    {about}
                    {rateText(span.orderCount, span.clickCount)}
                  </td>
                  {hasMoney ? <td>{money(span.gmvMinor)}</td> : null}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

export function OpenQuestions({ report, products }: { report: ShowReport; products: Products }) {
  return (
    <section className={classes.card} aria-labelledby="questions-title">
      <h2 id="questions-title" className={classes.title}>
        Questions left open
      </h2>
      {report.openQuestions.length === 0 ? (
        <EmptyState title="None">Every question that was gathered got its answer.</EmptyState>
      ) : (
        <>
          <QuestionList questions={report.openQuestions.slice(0, QUESTIONS_SHOWN)} products={products} />
          {report.openQuestions.length > QUESTIONS_SHOWN ? (
            <details className={classes.more}>
              <summary>{report.openQuestions.length - QUESTIONS_SHOWN} more</summary>
              <QuestionList questions={report.openQuestions.slice(QUESTIONS_SHOWN)} products={products} />
            </details>
          ) : null}
        </>
      )}
    </section>
  );
}

function QuestionList({ questions, products }: { questions: ShowReport['openQuestions']; products: Products }) {
  return (
    <ul className={classes.list}>
      {questions.map((question) => (
        <li key={question.id} className={classes.item}>
          <span>
            {question.text}
            {question.productId ? <span className={classes.sub}>{products.get(question.productId)?.title}</span> : null}
          </span>
          <span className={classes.number}>
            {question.askerCount} <span className="muted">asked</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Sources({ report }: { report: ShowReport }) {
  const total = report.sources.reduce((sum, { visitCount }) => sum + visitCount, 0);
  const sorted = report.sources.toSorted((a, b) => b.visitCount - a.visitCount);
  return (
    <section className={classes.card} aria-labelledby="sources-title">
      <h2 id="sources-title" className={classes.title}>
        Where visits came from
      </h2>
      {sorted.length === 0 ? (
        <EmptyState title="No visit">Links carry their source in “src”; it is counted here.</EmptyState>
      ) : (
        <ul className={classes.list}>
          {sorted.map(({ source, visitCount }) => (
            <li key={source} className={classes.item}>
              <span className={classes.source}>
                {source}
                <span className={classes.track} aria-hidden="true">
                  <span className={classes.fill} style={{ width: `${(visitCount / (sorted[0]?.visitCount || 1)) * 100}%` }} />
                </span>
              </span>
              <span className={classes.number}>
                {countText(visitCount)} <span className="muted">{shareText(visitCount, total)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const states: Record<string, string> = { encoder_lost: 'encoder lost', waiting: 'room open' };
const stateWords = (state: string) => states[state] ?? state;

/** Who moved the show, when and why: every state it was in. */
export function Trace({ report }: { report: ShowReport }) {
  return (
    <section className={classes.card} aria-labelledby="trace-title">
      <h2 id="trace-title" className={classes.title}>
        What happened
      </h2>
      {report.transitions.length === 0 ? (
        <EmptyState title="Nothing yet">Every change of the show is kept here with its cause.</EmptyState>
      ) : (
        <ol className={classes.list}>
          {report.transitions.map((step) => (
            <li key={`${step.occurredAt}${step.to}`} className={classes.step}>
              <time className={classes.when}>{exactTimeText(step.occurredAt)}</time>
              <span className={classes.what}>
                {stateWords(step.from)} → <strong>{stateWords(step.to)}</strong>
              </span>
              <span className="muted">
                {step.reason.replace(/\.$/, '') || step.cause.replaceAll('_', ' ')}
                {step.actor ? `, ${step.actor}` : ''}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
