import type { ShowReport } from '@insp/protocol';
import { Popover, Tooltip, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { countText, spanText } from '../ui/format.ts';
import { type HeadlineFigure, headlineFigures } from './headline-figures.ts';
import classes from './report-page.module.css';

/** The numbers on top, and all others on demand. Hover or focus says what one counts; a click opens its formula. */
export function HeadlineFigures({ report, locale }: { report: ShowReport; locale: string }) {
  const figures = headlineFigures(report, locale);
  const others = figures.filter(({ isMain }) => !isMain);
  return (
    <div>
      <section className={classes.figures} aria-label="Headline numbers">
        {figures
          .filter(({ isMain }) => isMain)
          .map((figure) => (
            <Headline key={figure.key} figure={figure} />
          ))}
      </section>
      <details className={classes.allFigures}>
        <summary className={classes.allFiguresTitle}>{others.length} more figures</summary>
        <section className={classes.figures} data-size="s" aria-label="More figures">
          {others.map((figure) => (
            <Headline key={figure.key} figure={figure} />
          ))}
        </section>
        <Phases report={report} />
      </details>
    </div>
  );
}

const PHASES: Readonly<Record<string, string>> = { pre_live: 'Before the show', live: 'Live', replay: 'Replay' };

/** Visits by when they began; figures of the replay never swell those of the show. */
function Phases({ report }: { report: ShowReport }) {
  if (!report.phases || report.phases.length === 0) return null;
  return (
    <table className={`${classes.table} ${classes.phases}`} aria-label="Visits by phase">
      <thead>
        <tr>
          <th scope="col">Visits begun</th>
          <th scope="col">Viewers</th>
          <th scope="col">Visits</th>
          <th scope="col">Watched</th>
        </tr>
      </thead>
      <tbody>
        {report.phases.map(({ phase, viewerCount, visitCount, watchedMs }) => (
          <tr key={phase}>
            <th scope="row">{PHASES[phase] ?? phase}</th>
            <td>{countText(viewerCount)}</td>
            <td>{countText(visitCount)}</td>
            <td>{spanText(watchedMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
