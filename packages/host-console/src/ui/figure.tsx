// A number with its unit beside it. Estimated ones wear `~`, simulated ones wear "sim" (ui.md 1.4).
import classes from './figure.module.css';

type Props = { value: string; unit?: string; isSimulated?: boolean; isEstimated?: boolean; size?: 'm' | 'l' };

export function Figure({ value, unit, isSimulated, isEstimated, size = 'm' }: Props) {
  return (
    <span className={classes.figure} data-size={size}>
      <span className={classes.value}>
        {isEstimated ? '~' : ''}
        {value}
      </span>
      {unit ? <span className={classes.unit}>{unit}</span> : null}
      {isSimulated ? <SimMark /> : null}
    </span>
  );
}

/** Marks what simulated viewers or orders had a part in. */
export function SimMark() {
  return (
    <abbr className={classes.sim} title="Simulated viewers or orders are counted in">
      sim
    </abbr>
  );
}
