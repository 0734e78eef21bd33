import { Button, Menu } from '@mantine/core';
import { Icon } from '../ui/icons.tsx';
import { useLive } from './live-context.tsx';

const STEPS_SEC = [0, 5, 10, 30, 60] as const;
const words = (sec: number) => (sec === 0 ? 'off' : `${sec} s`);

/** One message per person in so many seconds; shoppers see the countdown. */
export function SlowMode() {
  const { room, acts, can } = useLive();
  const label = `slow mode ${words(room.slowModeSec)}`;
  if (!can('chat.moderate')) return room.slowModeSec > 0 ? <span className="muted">{label}</span> : null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray" rightSection={<Icon name="chevronDown" sizePx={14} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STEPS_SEC.map((sec) => (
          <Menu.Item
            key={sec}
            onClick={() => void acts.act({ kind: 'set_slow_mode', intervalSec: sec })}
            rightSection={room.slowModeSec === sec ? <Icon name="check" /> : null}
          >
            {sec === 0 ? 'Off' : `One message in ${sec} s`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
