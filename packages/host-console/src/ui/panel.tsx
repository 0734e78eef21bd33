// A block of the live page: a heading that says what it is, something small at its right, and the body.
import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

type Props = { title: string; aside?: ReactNode; children: ReactNode; className?: string; area?: string; isFlush?: boolean };

export function Panel({ title, aside, children, className, area, isFlush = false }: Props) {
  const headingId = useId();
  return (
    <section
      className={`${classes.panel} ${className ?? ''}`}
      aria-labelledby={headingId}
      data-area={area}
      style={area ? { gridArea: area } : undefined}
    >
      <div className={classes.head}>
        <h2 id={headingId} className={classes.title}>
          {title}
        </h2>
        {aside ? <div className={classes.aside}>{aside}</div> : null}
      </div>
      <div className={classes.body} data-flush={isFlush}>
        {children}
      </div>
    </section>
  );
}
