import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { signUp } from '../api/auth.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './account-page.module.css';
import { AccountPage } from './account-page.tsx';
import { nextAddress } from './next-address.ts';
import { PASSWORD_MIN_LENGTH } from './password.ts';
import { useFreshStart } from './session.tsx';

export function RegisterPage() {
  const [, go] = useLocation();
  const search = useSearch();
  const freshStart = useFreshStart();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const registering = useMutation({
    mutationFn: () => signUp(name, email, password),
    onSuccess: async () => {
      await freshStart();
      go(nextAddress(search), { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    registering.mutate();
  };
  return (
    <AccountPage
      title="Create an account"
      foot={
        <>
          Have one? <Link href={`/sign-in${search ? `?${search}` : ''}`}>Sign in</Link>
        </>
      }
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoFocus
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_MIN_LENGTH} characters`}
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN_LENGTH}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <FormProblem error={registering.error} />
        <Button type="submit" loading={registering.isPending}>
          Create account
        </Button>
      </form>
    </AccountPage>
  );
}
