import type { OrganizationSettings } from '@insp/protocol';
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FormProblem } from '../ui/states.tsx';
import { Card } from './card.tsx';
import classes from './settings-page.module.css';
import { useSaveOrganization } from './use-save-organization.ts';

const LOCALES = ['en-GB', 'en-US', 'de-DE', 'fr-FR', 'es-ES', 'it-IT', 'nl-NL', 'pl-PL', 'sv-SE', 'pt-PT', 'zh-CN', 'ja-JP', 'ko-KR'];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'DKK', 'NOK', 'PLN', 'CZK', 'CNY', 'JPY', 'KRW'];
const withCurrent = (list: string[], current: string) => (list.includes(current) ? list : [current, ...list]);

export function OrganizationForm({ organization }: { organization: OrganizationSettings }) {
  const { saving, canManage } = useSaveOrganization();
  const [name, setName] = useState(organization.name);
  const [locale, setLocale] = useState(organization.locale);
  const [currency, setCurrency] = useState(organization.currency);
  const [graceSec, setGraceSec] = useState<number | string>(organization.encoderGraceSec);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ name, locale, currency, encoderGraceSec: Number(graceSec) });
  };
  return (
    <Card title="Organization" lead="What shoppers and members see of your brand.">
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          className={classes.wide}
          label="Name"
          required
          maxLength={80}
          disabled={!canManage}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Language and region"
          data={withCurrent(LOCALES, locale)}
          value={locale}
          onChange={(value) => value && setLocale(value)}
          allowDeselect={false}
          disabled={!canManage}
          searchable
        />
        <Select
          label="Currency"
          description=""
          data={withCurrent(CURRENCIES, currency)}
          value={currency}
          onChange={(value) => value && setCurrency(value)}
          allowDeselect={false}
          disabled={!canManage}
          searchable
        />
        <NumberInput
          className={classes.wide}
          label="Wait for a lost encoder"
          description="Seconds until a show ends by itself, 10 to 600. Reconnecting within this time goes on with the same show."
          min={10}
          max={600}
          suffix=" s"
          value={graceSec}
          onChange={setGraceSec}
          disabled={!canManage}
        />
        {canManage ? (
          <div className={classes.foot}>
            <Button type="submit" variant="default" loading={saving.isPending}>
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
