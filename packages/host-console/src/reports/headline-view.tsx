import type { ShowReport } from '@insp/protocol';
import { HoverCard, Popover, UnstyledButton } from '@mantine/core';
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
  return (
    <Popover width={320} position="bottom-start" withArrow shadow="lg">
      <Popover.Target>
        <UnstyledButton
          className={classes.figure}
          aria-label={`${figure.label}: ${figure.value} ${figure.unit ?? ''}. ${figure.definition} Open the formula.`}
        >
          <HoverCard width={280} position="top-start" openDelay={300} withArrow>
            <HoverCard.Target>
              <span className={classes.figureBody}>
                <span className={classes.figureLabel}>{figure.label}</span>
                <span className={classes.figureValue}>
                  {figure.value}
                  {figure.unit ? <span className={classes.figureUnit}>{figure.unit}</span> : null}
                </span>
              </span>
            </HoverCard.Target>
            <HoverCard.Dropdown>{figure.definition}</HoverCard.Dropdown>
          </HoverCard>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.formulaTitle}>{figure.label}</p>
        <p>{figure.definition}</p>
        <p className={classes.formula}>{figure.formula}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
