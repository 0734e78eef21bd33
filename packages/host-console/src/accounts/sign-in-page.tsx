import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { signIn } from '../api/auth.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './account-page.module.css';
import { AccountPage } from './account-page.tsx';
import { nextAddress } from './next-address.ts';
import { useFreshStart } from './session.tsx';

export function SignInPage() {
  const [, go] = useLocation();
  const search = useSearch();
  const freshStart = useFreshStart();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signingIn = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: async () => {
      await freshStart();
      go(nextAddress(search), { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signingIn.mutate();
  };
  return (
    <AccountPage
      title="Sign in"
      foot={
        <>
          New here? <Link href={`/register${search ? `?${search}` : ''}`}>Create an account</Link>
        </>
      }
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          autoFocus
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <FormProblem error={signingIn.error} />
        <Button type="submit" loading={signingIn.isPending}>
          Sign in
        </Button>
      </form>
    </AccountPage>
  );
}
