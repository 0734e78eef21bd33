// The address and key of one of a show's two encoders. The key is shown once; a new one cuts off who sends by the old.
import type { IngestSource, Show, StreamKey } from '@insp/protocol';
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useActive } from '../accounts/session.tsx';
import { queryKeys } from '../api/query-keys.ts';
import { issueStreamKey } from '../api/shows.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FormProblem } from '../ui/states.tsx';
import classes from './show-page.module.css';

const WORDS = {
  primary: { key: 'key', who: 'OBS', none: 'OBS needs a server address and a key of this show.' },
  backup: {
    key: 'backup key',
    who: 'The backup encoder',
    none: 'A second encoder with a key of its own, sending at the same time, takes over within 3 s when the first fails. It stays on air until it fails or you switch back.',
  },
} as const;

export function StreamKeyOf({ show, source }: { show: Show; source: IngestSource }) {
  const queries = useQueryClient();
  const canManage = useActive()?.permissions.includes('stream_key.manage') ?? false;
  const [shown, setShown] = useState<StreamKey | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const issuing = useMutation({
    mutationFn: () => issueStreamKey(show.id, source),
    onSuccess: (key) => {
      setShown(key);
      setIsAsking(false);
      void queries.invalidateQueries({ queryKey: queryKeys.show(show.id) });
      void queries.invalidateQueries({ queryKey: queryKeys.readiness(show.id) });
    },
  });
  const words = WORDS[source];
  const lastFour = source === 'primary' ? show.streamKeyLastFour : show.backupKeyLastFour;
  const isOver = show.state === 'ended' || show.state === 'cancelled';
  return (
    <>
      {shown ? (
        <>
          <p className={classes.once} role="status">
            The {words.key} is shown this once. Paste it into OBS now: Settings, Stream, Custom.
          </p>
          <CopyField label={source === 'primary' ? 'Server' : 'Backup server'} value={shown.serverUrl} />
          <CopyField label={source === 'primary' ? 'Stream key' : 'Backup stream key'} value={shown.streamKey} />
        </>
      ) : (
        <p>
          {lastFour === null ? (
            words.none
          ) : (
            <>
              {words.who} uses the key that ends in <code>{lastFour}</code>. A lost key cannot be shown again; a new one replaces it.
            </>
          )}
        </p>
      )}
      {canManage && !isOver ? (
        <div>
          <Button variant="default" loading={issuing.isPending} onClick={() => (lastFour === null ? issuing.mutate() : setIsAsking(true))}>
            {lastFour === null ? `Make a ${words.key}` : `Make a new ${words.key}`}
          </Button>
        </div>
      ) : null}
      <FormProblem error={issuing.error} />
      <Dialog isOpen={isAsking} onClose={() => setIsAsking(false)} title={`Make a new ${words.key}?`}>
        <p>The key that ends in {lastFour} stops working at once. An encoder that sends with it is cut off.</p>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={() => setIsAsking(false)} data-autofocus>
            Keep the old key
          </Button>
          <Button loading={issuing.isPending} onClick={() => issuing.mutate()}>
            Make a new {words.key}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
