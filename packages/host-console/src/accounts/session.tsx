// Who is signed in, for the whole console. Nobody: the sign-in page, and back to where they wanted to go.

import type { Me } from '@insp/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { Redirect, useLocation } from 'wouter';
import { ApiError } from '../api/api-error.ts';
import { readMe } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { LoadingLines, Problem } from '../ui/states.tsx';
import classes from './account-page.module.css';
import { ChoosePasswordPage } from './choose-password-page.tsx';
import { CreateOrganizationPage } from './create-organization-page.tsx';

const SessionContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error('useMe outside of a session');
  return me;
}

/** The organization acted for and what the role may do there. */
export const useActive = (): Me['active'] => useMe().active;

/** Forgets everything of the former person or organization. */
export function useFreshStart(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.me[0] });
    // Reset, not invalidated: a page that is not on screen yet must not find the former answer.
    await queries.resetQueries({ queryKey: queryKeys.me });
  };
}

export const useMeQuery = () =>
  useQuery({
    queryKey: queryKeys.me,
    queryFn: async (): Promise<Me | null> => {
      try {
        return await readMe();
      } catch (error) {
        if (error instanceof ApiError && error.parts.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });

/** Lets in who is signed in, has a password of their own and an organization to act for. */
export function Session({ children, isOrganizationNeeded = true }: { children: ReactNode; isOrganizationNeeded?: boolean }) {
  const me = useMeQuery();
  const [location] = useLocation();
  if (me.isPending) {
    return (
      <main className={classes.page}>
        <LoadingLines />
      </main>
    );
  }
  if (me.error) {
    return (
      <main className={classes.page}>
        <Problem error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <Redirect to={`/sign-in?next=${encodeURIComponent(location)}`} replace />;
  if (me.data.mustChangePassword) return <ChoosePasswordPage />;
  if (isOrganizationNeeded && !me.data.active) return <CreateOrganizationPage organizations={me.data.organizations} />;
  return <SessionContext.Provider value={me.data}>{children}</SessionContext.Provider>;
}
