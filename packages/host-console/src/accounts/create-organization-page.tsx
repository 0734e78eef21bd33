import type { Me } from '@insp/protocol';
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createOrganization } from '../api/auth.ts';
import { setActiveOrganization } from '../api/organization.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './account-page.module.css';
import { AccountPage } from './account-page.tsx';
import { useFreshStart } from './session.tsx';

/** Nobody can do anything without an organization: choose one, or make one. */
export function CreateOrganizationPage({ organizations }: { organizations: Me['organizations'] }) {
  const freshStart = useFreshStart();
  const [name, setName] = useState('');
  const creating = useMutation({
    mutationFn: async () => setActiveOrganization((await createOrganization(name)).organizationId),
    onSuccess: freshStart,
  });
  const choosing = useMutation({ mutationFn: setActiveOrganization, onSuccess: freshStart });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <AccountPage title="Your organization" lead="Shows, products and members belong to an organization: your brand.">
      {organizations.length > 0 ? (
        <div className={classes.form}>
          {organizations.map((organization) => (
            <Button key={organization.id} variant="default" loading={choosing.isPending} onClick={() => choosing.mutate(organization.id)}>
              {organization.name}
            </Button>
          ))}
          <FormProblem error={choosing.error} />
        </div>
      ) : null}
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={organizations.length > 0 ? 'Or make a new one' : 'Name of the brand'}
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FormProblem error={creating.error} />
        <Button type="submit" loading={creating.isPending}>
          Create organization
        </Button>
      </form>
    </AccountPage>
  );
}
