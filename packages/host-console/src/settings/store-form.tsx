import type { OrganizationSettings } from '@insp/protocol';
import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FormProblem } from '../ui/states.tsx';
import { Card } from './card.tsx';
import classes from './settings-page.module.css';
import { originsFromText } from './store-origins.ts';
import { useSaveOrganization } from './use-save-organization.ts';

/** Where shows may play, where products come from, where shoppers watch. */
export function StoreForm({ organization }: { organization: OrganizationSettings }) {
  const { saving, canManage } = useSaveOrganization();
  const [origins, setOrigins] = useState(organization.storeOrigins.join('\n'));
  const [feedUrl, setFeedUrl] = useState(organization.productFeedUrl ?? '');
  const [shopUrl, setShopUrl] = useState(organization.shopUrl ?? '');
  const read = originsFromText(origins);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!read.ok) return;
    setOrigins(read.origins.join('\n'));
    saving.mutate({
      storeOrigins: read.origins,
      productFeedUrl: feedUrl === '' ? null : feedUrl,
      shopUrl: shopUrl === '' ? null : shopUrl,
    });
  };
  return (
    <Card title="Store" lead="Only the sites named here may embed your shows.">
      <form className={classes.form} onSubmit={submit}>
        <Textarea
          className={classes.wide}
          label="Sites that may embed shows"
          description="One a line, like https://shop.example"
          autosize
          minRows={2}
          maxRows={10}
          value={origins}
          onChange={(event) => setOrigins(event.currentTarget.value)}
          error={read.ok ? undefined : read.problem}
          disabled={!canManage}
        />
        <TextInput
          className={classes.wide}
          label="Product feed"
          description="Insp reads it when you import products"
          type="url"
          value={feedUrl}
          onChange={(event) => setFeedUrl(event.currentTarget.value)}
          disabled={!canManage}
        />
        <TextInput
          className={classes.wide}
          label="Page of the shop"
          description="Where shoppers watch; opened from the planning page"
          type="url"
          value={shopUrl}
          onChange={(event) => setShopUrl(event.currentTarget.value)}
          disabled={!canManage}
        />
        {canManage ? (
          <div className={classes.foot}>
            <Button type="submit" variant="default" loading={saving.isPending} disabled={!read.ok}>
              Save
            </Button>
            <FormProblem error={saving.error} />
          </div>
        ) : (
          <p className="muted">Owners can change this.</p>
        )}
      </form>
    </Card>
  );
}
