// "Point OBS here": the two fields OBS asks for, and the settings that make the picture fit. The key is shown once.

import type { ReadinessItem, Show, StreamKey } from '@insp/protocol';
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useActive } from '../accounts/session.tsx';
import { queryKeys } from '../api/query-keys.ts';
import { issueStreamKey } from '../api/shows.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FormProblem } from '../ui/states.tsx';
import { PlanSection } from './plan-section.tsx';
import classes from './show-page.module.css';

const SETTINGS = [
  { name: 'Video encoder', value: 'H.264' },
  { name: 'Rate control', value: 'CBR' },
  { name: 'Bitrate', value: '4,000 kbit/s' },
  { name: 'Keyframe interval', value: '2 s' },
  { name: 'Audio', value: 'AAC, 160 kbit/s' },
] as const;

export function EncoderSection({ show, item }: { show: Show; item: ReadinessItem | null }) {
  const queries = useQueryClient();
  const canManage = useActive()?.permissions.includes('stream_key.manage') ?? false;
  const [shown, setShown] = useState<StreamKey | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const issuing = useMutation({
    mutationFn: () => issueStreamKey(show.id),
    onSuccess: (key) => {
      setShown(key);
      setIsAsking(false);
      void queries.invalidateQueries({ queryKey: queryKeys.show(show.id) });
      void queries.invalidateQueries({ queryKey: queryKeys.readiness(show.id) });
    },
  });
  const hasKey = show.streamKeyLastFour !== null;
  const isOver = show.state === 'ended' || show.state === 'cancelled';
  return (
    <PlanSection id="picture_source" title="Point OBS here" item={item}>
      <div className={classes.stack}>
        {shown ? (
          <>
            <p className={classes.once} role="status">
              The key is shown this once. Paste it into OBS now: Settings, Stream, Custom.
            </p>
            <CopyField label="Server" value={shown.serverUrl} />
            <CopyField label="Stream key" value={shown.streamKey} />
          </>
        ) : (
          <p>
            {hasKey ? (
              <>
                OBS uses the key that ends in <code>{show.streamKeyLastFour}</code>. A lost key cannot be shown again; a new one replaces
                it.
              </>
            ) : (
              'OBS needs a server address and a key of this show.'
            )}
          </p>
        )}
        {canManage && !isOver ? (
          <div>
            <Button variant="default" loading={issuing.isPending} onClick={() => (hasKey ? setIsAsking(true) : issuing.mutate())}>
              {hasKey ? 'Make a new key' : 'Make a key'}
            </Button>
          </div>
        ) : null}
        <FormProblem error={issuing.error} />
        <dl className={classes.facts} aria-label="OBS settings">
          {SETTINGS.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Dialog isOpen={isAsking} onClose={() => setIsAsking(false)} title="Make a new key?">
        <p>The key that ends in {show.streamKeyLastFour} stops working at once. An encoder that sends with it is cut off.</p>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={() => setIsAsking(false)} data-autofocus>
            Keep the old key
          </Button>
          <Button loading={issuing.isPending} onClick={() => issuing.mutate()}>
            Make a new key
          </Button>
        </Group>
      </Dialog>
    </PlanSection>
  );
}
