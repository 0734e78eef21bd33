import { type ReactNode, useId } from 'react';
import classes from './settings-page.module.css';

export function Card({ title, lead, aside, children }: { title: string; lead?: ReactNode; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <div>
          <h2 id={id} className={classes.cardTitle}>
            {title}
          </h2>
          {lead ? <p className={classes.cardLead}>{lead}</p> : null}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}
