// Settings in four parts, each at an address of its own: the brand, the store, the people, the keys.

import type { Permission } from '@insp/protocol';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useActive } from '../accounts/session.tsx';
import { readOrganization } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { Shell } from '../ui/shell.tsx';
import { EmptyState, LoadingLines, Problem } from '../ui/states.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Members } from './members.tsx';
import { OrganizationForm } from './organization-form.tsx';
import { RejectedEvents } from './rejected-events.tsx';
import { Secrets } from './secrets.tsx';
import classes from './settings-page.module.css';
import { StoreForm } from './store-form.tsx';

const PARTS: readonly { part: string; label: string; permission: Permission }[] = [
  { part: 'organization', label: 'Organization', permission: 'show.read' },
  { part: 'store', label: 'Store', permission: 'show.read' },
  { part: 'members', label: 'Members', permission: 'show.read' },
  { part: 'developer', label: 'Developer', permission: 'organization.manage' },
];

export function SettingsPage({ part }: { part: string }) {
  const permissions = useActive()?.permissions ?? [];
  const organization = useQuery({ queryKey: queryKeys.organization, queryFn: readOrganization });
  const parts = PARTS.filter(({ permission }) => permissions.includes(permission));
  return (
    <Shell title="Settings">
      <div className={classes.layout}>
        <nav className={classes.nav} aria-label="Settings">
          {parts.map((entry) => (
            <Link key={entry.part} href={`/settings/${entry.part}`} aria-current={entry.part === part ? 'page' : undefined}>
              {entry.label}
            </Link>
          ))}
        </nav>
        <div className={classes.body}>
          {organization.isPending ? <LoadingLines count={6} /> : null}
          {organization.error ? <Problem error={organization.error} onRetry={() => void organization.refetch()} /> : null}
          {organization.data ? partOf(parts.some((entry) => entry.part === part) ? part : '', organization.data) : null}
        </div>
      </div>
    </Shell>
  );
}

function partOf(part: string, organization: Awaited<ReturnType<typeof readOrganization>>): ReactNode {
  switch (part) {
    case 'organization':
      return <OrganizationForm key={organization.id} organization={organization} />;
    case 'store':
      return <StoreForm key={organization.id} organization={organization} />;
    case 'members':
      return <Members />;
    case 'developer':
      return (
        <>
          <Secrets organization={organization} />
          <ApiKeys />
          <RejectedEvents />
        </>
      );
    default:
      return <EmptyState title="Nothing here for your role">Choose another part at the side, or ask an owner.</EmptyState>;
  }
}
