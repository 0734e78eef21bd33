// The first owner comes with a one-time password out of a log; before anything else it is replaced.
import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { changePassword } from '../api/auth.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './account-page.module.css';
import { AccountPage } from './account-page.tsx';
import { PASSWORD_MIN_LENGTH } from './password.ts';
import { useFreshStart } from './session.tsx';

export function ChoosePasswordPage() {
  const freshStart = useFreshStart();
  const [current, setCurrent] = useState('');
  const [chosen, setChosen] = useState('');
  const changing = useMutation({ mutationFn: () => changePassword(current, chosen), onSuccess: freshStart });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    changing.mutate();
  };
  return (
    <AccountPage title="Choose your own password" lead="You signed in with a one-time password. It ends here.">
      <form className={classes.form} onSubmit={submit}>
        <PasswordInput
          label="One-time password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description={`At least ${PASSWORD_MIN_LENGTH} characters`}
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN_LENGTH}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <FormProblem error={changing.error} />
        <Button type="submit" loading={changing.isPending}>
          Use this password
        </Button>
      </form>
    </AccountPage>
  );
}
