// Empty, loading and error are designed states, each with the next step (ui.md 1.8).
import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { refusalOf, sentencesOf } from '../api/api-error.ts';
import classes from './states.module.css';

/** Nothing here yet, and what would fill it. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {children ? <p className={classes.text}>{children}</p> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}

/** What went wrong, in words, with what to do. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { what, todo } = sentencesOf(refusalOf(error));
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{what}</p>
      {todo ? <p className={classes.text}>{todo}</p> : null}
      {onRetry ? (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** The same under a form. */
export function FormProblem({ error }: { error: unknown }) {
  if (!error) return null;
  const { what, todo } = sentencesOf(refusalOf(error));
  return (
    <p className={classes.form} role="alert">
      {what} {todo}
    </p>
  );
}

/** Grey lines where text will be. Says so to screen readers. */
export function LoadingLines({ count = 4, heightPx = 18 }: { count?: number; heightPx?: number }) {
  return (
    <div role="status" aria-label="Loading" className={classes.loading}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={index} height={heightPx} width={`${92 - ((index * 17) % 40)}%`} radius="sm" />
      ))}
    </div>
  );
}
