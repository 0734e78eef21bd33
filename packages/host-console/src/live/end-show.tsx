// Ending is the one act without undo in the moment (reopening exists, for two hours), so it asks first.

import { LIMITS } from '@insp/protocol';
import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ShowCommands } from '../shows/use-show-command.ts';
import { Dialog } from '../ui/dialog.tsx';
import { clockText, countText } from '../ui/format.ts';
import { useLive } from './live-context.tsx';

export function EndShow({ isOpen, onClose, commands }: { isOpen: boolean; onClose: () => void; commands: ShowCommands }) {
  const { show, room } = useLive();
  const [reason, setReason] = useState('');
  const lengthMs = show.liveAt === null ? 0 : Date.now() + room.clockOffsetMs - show.liveAt;
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="End the show?" size="md">
      <p>
        {countText(room.watchingCount)} {room.watchingCount === 1 ? 'person is' : 'people are'} watching, on air for {clockText(lengthMs)}.
        They will see that the show has ended. You can reopen it within two hours.
      </p>
      <TextInput
        label="Reason (optional, kept in the trace)"
        value={reason}
        maxLength={LIMITS.reasonLength}
        onChange={(event) => setReason(event.currentTarget.value)}
        mt="md"
      />
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep going
        </Button>
        <Button
          loading={commands.running === 'end'}
          onClick={async () => {
            if (await commands.run('end', reason)) onClose();
          }}
        >
          End show
        </Button>
      </Group>
    </Dialog>
  );
}
