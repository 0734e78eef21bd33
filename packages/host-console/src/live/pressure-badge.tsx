// Silence means that everything is counted one by one. Otherwise one calm line in the header; behind it what is given
// up, what is not, and whether somebody must do something.
import { Popover, UnstyledButton } from '@mantine/core';
import { STAYS_EXACT } from '../ui/estimates.ts';
import { useLive } from './live-context.tsx';
import classes from './pressure-badge.module.css';
import { pressureWords } from './pressure-words.ts';

export function PressureBadge() {
  const { room } = useLive();
  const words = pressureWords(room.pressure);
  if (!words) return null;
  return (
    <Popover position="bottom-start" width={360} shadow="lg" withArrow>
      <Popover.Target>
        <UnstyledButton className={classes.badge} data-tone={words.tone} title={words.sentence}>
          <span className="truncate" role="status">
            {words.sentence}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.panel}>
          <ul className={classes.list}>
            {words.givenUp.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <p>{STAYS_EXACT}</p>
          <p className={classes.todo}>{words.whatToDo}</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
