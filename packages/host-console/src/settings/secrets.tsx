import type { OrganizationSettings, SecretName } from '@insp/protocol';
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { rotateSecret } from '../api/organization.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FormProblem } from '../ui/states.tsx';
import { Card } from './card.tsx';
import classes from './settings-page.module.css';

const SECRETS: readonly { name: SecretName; title: string; use: string }[] = [
  { name: 'order_webhook', title: 'Order webhook', use: 'Your shop signs paid orders with it (Standard Webhooks).' },
  { name: 'viewer_token', title: 'Viewer token', use: 'Your shop signs who the shopper is with it (JWT, HS256).' },
];

/** What the shop signs with. Shown once when made; the former one stays valid for a day. */
export function Secrets({ organization }: { organization: OrganizationSettings }) {
  const [asking, setAsking] = useState<SecretName | null>(null);
  const [shown, setShown] = useState<{ name: SecretName; secret: string } | null>(null);
  const rotating = useMutation({
    mutationFn: async (name: SecretName) => ({ name, secret: (await rotateSecret(name)).secret }),
    onSuccess: (made) => {
      setShown(made);
      setAsking(null);
    },
  });
  return (
    <Card
      title="Secrets"
      lead="A secret is shown once. After making a new one the former stays valid for a day, so that the shop can change over."
    >
      <div className={classes.rows}>
        {SECRETS.map(({ name, title, use }) => (
          <div key={name} className={classes.row}>
            <span className={classes.rowWords}>
              <span className={classes.rowTitle}>{title}</span>
              <span className="muted">{use}</span>
              {shown?.name === name ? (
                <span className={classes.once} style={{ marginTop: 12 }}>
                  <span className={classes.onceText} role="status">
                    Shown this once: store it in your shop now.
                  </span>
                  <CopyField label={`${title} secret`} value={shown.secret} />
                </span>
              ) : null}
            </span>
            <Button variant="default" onClick={() => setAsking(name)} aria-label={`Make new ${title.toLowerCase()} secret`}>
              Make new
            </Button>
          </div>
        ))}
        <div className={classes.row}>
          <span className={classes.rowWords}>
            <CopyField
              label="Address your shop sends orders to"
              value={`${window.location.origin}/v1/webhooks/orders/${organization.id}`}
            />
          </span>
        </div>
      </div>
      <FormProblem error={rotating.error} />
      <Dialog isOpen={asking !== null} onClose={() => setAsking(null)} title="Make a new secret?">
        <p>The present one stays valid for one more day. Put the new one into your shop before then.</p>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={() => setAsking(null)} data-autofocus>
            Keep the present one
          </Button>
          <Button loading={rotating.isPending} onClick={() => asking && rotating.mutate(asking)}>
            Make new
          </Button>
        </Group>
      </Dialog>
    </Card>
  );
}
