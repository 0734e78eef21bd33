import { type ApiKeyCreated, ROLES, type Role } from '@insp/protocol';
import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createApiKey, deleteApiKey, listApiKeys } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { dateText } from '../ui/format.ts';
import { tellDone, tellRefused } from '../ui/notices.tsx';
import { EmptyState, FormProblem, LoadingLines, Problem } from '../ui/states.tsx';
import { Card } from './card.tsx';
import classes from './settings-page.module.css';

const LIFETIMES = [
  { value: '90', label: '90 days' },
  { value: '365', label: 'one year' },
  { value: 'none', label: 'no end' },
];

/** Keys for programs: each acts with a role, is shown once, and ends when revoked. */
export function ApiKeys() {
  const queries = useQueryClient();
  const keys = useQuery({ queryKey: queryKeys.apiKeys, queryFn: listApiKeys });
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('producer');
  const [lifetime, setLifetime] = useState('365');
  const [made, setMade] = useState<ApiKeyCreated | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.apiKeys });
  const creating = useMutation({
    mutationFn: () => createApiKey({ name, role, expiresInDays: lifetime === 'none' ? null : Number(lifetime) }),
    onSuccess: (key) => {
      setMade(key);
      setName('');
      void refresh();
    },
  });
  const revoking = useMutation({
    mutationFn: deleteApiKey,
    onSuccess: async () => {
      await refresh();
      tellDone('The key no longer works');
    },
    onError: (error) => tellRefused('The key stays valid', error),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <Card title="API keys" lead="For programs of yours. A key acts with the role you give it.">
      {made ? (
        <div className={classes.once}>
          <p className={classes.onceText} role="status">
            Shown this once: store it now.
          </p>
          <CopyField label={`Key “${made.name}”`} value={made.key} />
        </div>
      ) : null}
      <form className={classes.inline} onSubmit={submit}>
        <TextInput
          label="Name"
          placeholder="Nightly export"
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          className={classes.role}
          label="Role"
          data={[...ROLES]}
          value={role}
          onChange={(value) => value && setRole(value as Role)}
          allowDeselect={false}
        />
        <Select
          className={classes.role}
          label="Valid for"
          data={LIFETIMES}
          value={lifetime}
          onChange={(value) => value && setLifetime(value)}
          allowDeselect={false}
        />
        <Button type="submit" loading={creating.isPending}>
          Make a key
        </Button>
      </form>
      <FormProblem error={creating.error} />
      {keys.isPending ? <LoadingLines count={2} heightPx={32} /> : null}
      {keys.error ? <Problem error={keys.error} onRetry={() => void keys.refetch()} /> : null}
      {keys.data?.length === 0 ? <EmptyState title="No key yet">Make one above when a program of yours needs Insp.</EmptyState> : null}
      <ul className={classes.rows} style={{ marginTop: 8 }}>
        {(keys.data ?? []).map((key) => (
          <li key={key.id} className={classes.row}>
            <span className={classes.rowWords}>
              <span className={classes.rowTitle}>{key.name}</span>
              <span className="muted">
                {key.start}…, {key.role}, made {dateText(key.createdAt)}
                {key.expiresAt === null ? '' : `, until ${dateText(key.expiresAt)}`},{' '}
                {key.lastUsedAt === null ? 'never used' : `last used ${dateText(key.lastUsedAt)}`}
              </span>
            </span>
            <Button variant="subtle" color="gray" onClick={() => revoking.mutate(key.id)} aria-label={`Revoke the key ${key.name}`}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
