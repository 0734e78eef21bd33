import { type Invitation, type Member, ROLES, type Role } from '@insp/protocol';
import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useActive, useMe } from '../accounts/session.tsx';
import { changeMemberRole, invite, listInvitations, listMembers, removeMember, revokeInvitation } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { dateText } from '../ui/format.ts';
import { tellDone, tellRefused } from '../ui/notices.tsx';
import { FormProblem, LoadingLines, Problem } from '../ui/states.tsx';
import { Card } from './card.tsx';
import { roleWords } from './role-words.ts';
import classes from './settings-page.module.css';

const roleData = ROLES.map((role) => ({ value: role, label: role }));

/** Who works here and as what; owners invite, change and remove. */
export function Members() {
  const canManage = useActive()?.permissions.includes('member.manage') ?? false;
  const members = useQuery({ queryKey: queryKeys.members, queryFn: listMembers });
  return (
    <>
      <Card title="Members" lead="A role decides what somebody sees and may do. Moderators see no turnover.">
        {members.isPending ? <LoadingLines count={4} heightPx={32} /> : null}
        {members.error ? <Problem error={members.error} onRetry={() => void members.refetch()} /> : null}
        <ul className={classes.rows}>
          {(members.data ?? []).map((member) => (
            <MemberRow key={member.userId} member={member} canManage={canManage} />
          ))}
        </ul>
      </Card>
      {canManage ? <Invitations /> : null}
    </>
  );
}

function MemberRow({ member, canManage }: { member: Member; canManage: boolean }) {
  const me = useMe();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.members });
  const changing = useMutation({
    mutationFn: (role: Role) => changeMemberRole(member.userId, role),
    onSuccess: async (_, role) => {
      await refresh();
      tellDone(`${member.name} is ${role} now`, () => void changeMemberRole(member.userId, member.role).then(refresh));
    },
    onError: (error) => tellRefused('The role stays', error),
  });
  const removing = useMutation({
    mutationFn: () => removeMember(member.userId),
    onSuccess: async () => {
      await refresh();
      tellDone(`${member.name} was removed`);
    },
    onError: (error) => tellRefused(`${member.name} stays`, error),
  });
  const isMe = member.userId === me.userId;
  return (
    <li className={classes.row}>
      <span className={classes.rowWords}>
        <span className={classes.rowTitle}>
          {member.name}
          {isMe ? <span className="muted"> (you)</span> : null}
        </span>
        <span className="muted">{member.email}</span>
      </span>
      {canManage ? (
        <>
          <Select
            className={classes.role}
            aria-label={`Role of ${member.name}`}
            data={roleData}
            value={member.role}
            onChange={(role) => role && changing.mutate(role as Role)}
            allowDeselect={false}
            disabled={changing.isPending}
          />
          <Button
            variant="subtle"
            color="gray"
            loading={removing.isPending}
            style={isMe ? { visibility: 'hidden' } : undefined}
            onClick={() => removing.mutate()}
            aria-label={`Remove ${member.name}`}
          >
            Remove
          </Button>
        </>
      ) : (
        <span className="muted">{member.role}</span>
      )}
    </li>
  );
}

function Invitations() {
  const queries = useQueryClient();
  const invitations = useQuery({ queryKey: queryKeys.invitations, queryFn: listInvitations });
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('host');
  const [made, setMade] = useState<Invitation | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.invitations });
  const inviting = useMutation({
    mutationFn: () => invite(email, role),
    onSuccess: (invitation) => {
      setMade(invitation);
      setEmail('');
      void refresh();
    },
  });
  const revoking = useMutation({
    mutationFn: revokeInvitation,
    onSuccess: refresh,
    onError: (error) => tellRefused('The invitation stays', error),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    inviting.mutate();
  };
  return (
    <Card title="Invite somebody" lead={roleWords[role]}>
      {made ? (
        <div className={classes.once}>
          <p role="status">
            Send this link to {made.email}. It works for that address, until {dateText(made.expiresAt)}.
          </p>
          <CopyField label="Invitation link" value={made.link} />
        </div>
      ) : null}
      <form className={classes.inline} onSubmit={submit}>
        <TextInput label="E-mail" type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <Select
          className={classes.role}
          label="Role"
          data={roleData}
          value={role}
          onChange={(value) => value && setRole(value as Role)}
          allowDeselect={false}
        />
        <Button type="submit" loading={inviting.isPending}>
          Invite
        </Button>
      </form>
      <FormProblem error={inviting.error} />
      {invitations.data && invitations.data.length > 0 ? (
        <ul className={classes.rows} style={{ marginTop: 16 }} aria-label="Open invitations">
          {invitations.data.map((invitation) => (
            <li key={invitation.id} className={classes.row}>
              <span className={classes.rowWords}>
                <span className={classes.rowTitle}>{invitation.email}</span>
                <span className="muted">
                  as {invitation.role}, until {dateText(invitation.expiresAt)}
                </span>
              </span>
              <Button
                variant="subtle"
                color="gray"
                onClick={() => revoking.mutate(invitation.id)}
                aria-label={`Take back the invitation of ${invitation.email}`}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}
