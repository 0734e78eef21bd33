// The frame of the pages before the console proper: one column, one form.
import type { ReactNode } from 'react';
import { useTitle } from '../ui/use-title.ts';
import classes from './account-page.module.css';

export function AccountPage({ title, lead, children, foot }: { title: string; lead?: ReactNode; children: ReactNode; foot?: ReactNode }) {
  useTitle(title);
  return (
    <main className={classes.page}>
      <p className={classes.brand}>Insp</p>
      <div className={classes.card}>
        <h1 className={classes.title}>{title}</h1>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
        {children}
      </div>
      {foot ? <div className={classes.foot}>{foot}</div> : null}
    </main>
  );
}
