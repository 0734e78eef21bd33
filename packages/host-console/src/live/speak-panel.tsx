// Speak IQ: equal questions are one, counted by people who asked; with what the product's facts say about it.

import type { ProductId, QuestionCluster } from '@insp/protocol';
import { Button } from '@mantine/core';
import { plural } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useLive } from './live-context.tsx';
import classes from './speak-panel.module.css';

export function SpeakPanel() {
  const { room } = useLive();
  const open = (room.questions?.clusters ?? []).filter(({ state }) => state === 'open').toSorted((a, b) => b.askerCount - a.askerCount);
  return (
    <Panel
      title="Speak IQ"
      area="speak"
      isFlush
      aside={room.questions ? <span className="muted">{room.questions.openCount} open</span> : null}
    >
      {open.length === 0 ? (
        <div className={classes.empty}>
          <EmptyState title="No open question">What several people ask is gathered here, with the facts to answer it.</EmptyState>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard
        <ol className={classes.list} tabIndex={0} aria-label="Open questions">
          {open.map((cluster) => (
            <Question key={cluster.id} cluster={cluster} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Question({ cluster }: { cluster: QuestionCluster }) {
  const { room, acts, can } = useLive();
  const product = cluster.productId ? room.products.get(cluster.productId as ProductId) : undefined;
  return (
    <li className={classes.question}>
      {can('copilot.use') ? (
        <Button
          size="compact-sm"
          variant="default"
          className={classes.done}
          onClick={() => void acts.act({ kind: 'answer_question', questionClusterId: cluster.id })}
          aria-label={`Mark answered: ${cluster.text}`}
        >
          Answered
        </Button>
      ) : null}
      <p className={classes.asked}>
        <span className={classes.count} title={cluster.reason}>
          {cluster.askerCount} {plural(cluster.askerCount, 'asks', 'ask')}
        </span>
        <span className={classes.text}>{cluster.text}</span>
      </p>
      <p className={classes.answer}>
        {cluster.suggestedAnswer === ''
          ? 'No fact on record: answer in your own words.'
          : `${product ? `${product.title}: ` : ''}${cluster.suggestedAnswer}`}
      </p>
      <p className={classes.reason}>Why: {cluster.reason}</p>
    </li>
  );
}
