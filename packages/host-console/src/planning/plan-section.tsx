import type { ReadinessItem } from '@insp/protocol';
import type { ReactNode } from 'react';
import classes from './show-page.module.css';
import { Tick } from './show-page.tsx';

/** One part of the plan: its tick, its heading, one sentence, and the work itself. */
export function PlanSection({
  id,
  title,
  item,
  aside,
  children,
}: {
  id: ReadinessItem['key'];
  title: string;
  item: ReadinessItem | null;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section id={id} className={classes.section} aria-labelledby={`${id}-title`}>
      <div className={classes.sectionHead}>
        <Tick isDone={item?.isDone ?? false} />
        <h2 id={`${id}-title`} className={classes.sectionTitle}>
          {title}
        </h2>
        {aside ? <div className={classes.sectionAside}>{aside}</div> : null}
      </div>
      <div className={classes.sectionBody}>{children}</div>
    </section>
  );
}
