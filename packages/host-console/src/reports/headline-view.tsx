import type { ShowReport } from '@insp/protocol';
import { Popover, Tooltip, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { type HeadlineFigure, headlineFigures } from './headline-figures.ts';
import classes from './report-page.module.css';

/** The numbers on top. Hover or focus says what one counts; a click opens its formula. */
export function HeadlineFigures({ report, locale }: { report: ShowReport; locale: string }) {
  return (
    <section className={classes.figures} aria-label="Headline numbers">
      {headlineFigures(report, locale).map((figure) => (
        <Headline key={figure.key} figure={figure} />
      ))}
    </section>
  );
}

function Headline({ figure }: { figure: HeadlineFigure }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} width={320} position="bottom-start" withArrow shadow="lg" withRoles={false}>
      <Popover.Target>
        <div>
          <Tooltip label={figure.definition} multiline maw={280} disabled={isOpen} position="top-start">
            <UnstyledButton className={classes.figure} onClick={() => setIsOpen(!isOpen)} aria-expanded={isOpen}>
              <span className={classes.figureLabel}>{figure.label}</span>
              <span className={classes.figureValue}>
                {figure.value}
                {figure.unit ? <span className={classes.figureUnit}>{figure.unit}</span> : null}
              </span>
            </UnstyledButton>
          </Tooltip>
        </div>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={figure.label}>
        <p className={classes.formulaTitle}>{figure.label}</p>
        <p>{figure.definition}</p>
        <p className={classes.formula}>{figure.formula}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
