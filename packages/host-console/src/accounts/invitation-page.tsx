import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { acceptInvitation, readInvitation, signOut } from '../api/auth.ts';
import { queryKeys } from '../api/query-keys.ts';
import { FormProblem, LoadingLines, Problem } from '../ui/states.tsx';
import classes from './account-page.module.css';
import { AccountPage } from './account-page.tsx';
import { useFreshStart, useMe } from './session.tsx';

/** What a link of an invitation opens; whoever opens it is signed in by now. */
export function InvitationPage({ invitationId }: { invitationId: string }) {
  const [location, go] = useLocation();
  const me = useMe();
  const freshStart = useFreshStart();
  const invitation = useQuery({ queryKey: queryKeys.invitation(invitationId), queryFn: () => readInvitation(invitationId), retry: false });
  const accepting = useMutation({
    mutationFn: () => acceptInvitation(invitationId),
    onSuccess: async () => {
      await freshStart();
      go('/', { replace: true });
    },
  });
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await freshStart();
      go(`/sign-in?next=${encodeURIComponent(location)}`, { replace: true });
    },
  });
  return (
    <AccountPage
      title={invitation.data ? `Join ${invitation.data.orgName}` : 'Invitation'}
      lead={invitation.data ? `As ${invitation.data.role}, with ${invitation.data.email}.` : `You are signed in as ${me.email}.`}
    >
      {invitation.isPending ? <LoadingLines count={2} /> : null}
      {invitation.error ? <Problem error={invitation.error} /> : null}
      <div className={classes.form}>
        <FormProblem error={accepting.error} />
        {invitation.data ? (
          <Button loading={accepting.isPending} onClick={() => accepting.mutate()}>
            Join
          </Button>
        ) : null}
        <Button variant="default" loading={leaving.isPending} onClick={() => leaving.mutate()}>
          Use another account
        </Button>
      </div>
    </AccountPage>
  );
}
