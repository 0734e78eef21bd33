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
  const [maxHours, setMaxHours] = useState<number | string>(organization.maxLiveMin / 60);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ name, locale, currency, encoderGraceSec: Number(graceSec), maxLiveMin: Math.round(Number(maxHours) * 60) });
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
        <NumberInput
          className={classes.wide}
          label="Longest show"
          description="Hours on air until a show ends by itself, 0.5 to 24. You are warned 10 and 2 minutes before and keep it with one tap."
          min={0.5}
          max={24}
          step={0.5}
          decimalScale={1}
          suffix=" h"
          value={maxHours}
          onChange={setMaxHours}
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
