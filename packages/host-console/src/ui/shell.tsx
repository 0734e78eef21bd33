// The frame of planning, reports and settings: where am I, and the way to the other places.
import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { useFreshStart, useMe } from '../accounts/session.tsx';
import { signOut } from '../api/auth.ts';
import { setActiveOrganization } from '../api/organization.ts';
import { Icon } from './icons.tsx';
import { tellRefused } from './notices.tsx';
import classes from './shell.module.css';
import { useTitle } from './use-title.ts';

type Props = { title: string; heading?: ReactNode; lead?: ReactNode; actions?: ReactNode; children: ReactNode };

export function Shell({ title, heading, lead, actions, children }: Props) {
  useTitle(title);
  const [isSettings] = useRoute('/settings/*?');
  return (
    <div className={classes.shell}>
      <header className={classes.top}>
        <Link href="/" className={classes.brand} aria-label="Insp, all shows">
          Insp
        </Link>
        <nav className={classes.nav} aria-label="Main">
          <Link href="/" aria-current={isSettings ? undefined : 'page'}>
            Shows
          </Link>
          <Link href="/settings" aria-current={isSettings ? 'page' : undefined}>
            Settings
          </Link>
        </nav>
        <AccountMenu />
      </header>
      <main className={classes.main}>
        <div className={classes.head}>
          <div className={classes.heading}>
            <h1 className={classes.title}>{heading ?? title}</h1>
            {lead ? <div className={classes.lead}>{lead}</div> : null}
          </div>
          {actions ? <div className={classes.actions}>{actions}</div> : null}
        </div>
        {children}
      </main>
    </div>
  );
}

function AccountMenu() {
  const me = useMe();
  const [, go] = useLocation();
  const freshStart = useFreshStart();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const switching = useMutation({
    mutationFn: setActiveOrganization,
    onSuccess: async () => {
      await freshStart();
      go('/');
    },
    onError: (error) => tellRefused('The organization was not changed', error),
  });
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await freshStart();
      go('/sign-in', { replace: true });
    },
    onError: (error) => tellRefused('You are still signed in', error),
  });
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <span className="truncate">{me.active?.orgName}</span>
          <Icon name="chevronDown" sizePx={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}, {me.active?.role}
        </Menu.Label>
        {me.organizations.length > 1
          ? me.organizations.map((organization) => (
              <Menu.Item
                key={organization.id}
                onClick={() => switching.mutate(organization.id)}
                rightSection={organization.id === me.active?.orgId ? <Icon name="check" /> : null}
              >
                {organization.name}
              </Menu.Item>
            ))
          : null}
        {me.organizations.length > 1 ? <Menu.Divider /> : null}
        <Menu.Item onClick={() => setColorScheme(colorScheme === 'light' ? 'dark' : 'light')}>
          {colorScheme === 'light' ? 'Dark colours' : 'Light colours'}
        </Menu.Item>
        <Menu.Item onClick={() => leaving.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
