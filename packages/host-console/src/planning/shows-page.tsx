import { LIMITS, ON_AIR_STATES, type Show } from '@insp/protocol';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useActive } from '../accounts/session.tsx';
import { queryKeys } from '../api/query-keys.ts';
import { createShow, listShows } from '../api/shows.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SimMark } from '../ui/figure.tsx';
import { dateTimeText, plural } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { Shell } from '../ui/shell.tsx';
import { ShowStateChip } from '../ui/show-state-chip.tsx';
import { EmptyState, FormProblem, LoadingLines, Problem } from '../ui/states.tsx';
import { LiveStill } from './live-still.tsx';
import { showGroups } from './show-groups.ts';
import classes from './shows-page.module.css';

export function ShowsPage() {
  const shows = useQuery({ queryKey: queryKeys.shows, queryFn: listShows });
  const canPlan = useActive()?.permissions.includes('show.plan') ?? false;
  const [isNewOpen, setIsNewOpen] = useState(false);
  const newButton = canPlan ? (
    <Button onClick={() => setIsNewOpen(true)} leftSection={<Icon name="plus" />}>
      New show
    </Button>
  ) : null;
  return (
    <Shell title="Shows" actions={newButton}>
      {shows.isPending ? <LoadingLines count={6} heightPx={44} /> : null}
      {shows.error ? <Problem error={shows.error} onRetry={() => void shows.refetch()} /> : null}
      {shows.data?.length === 0 ? (
        <EmptyState title="No show yet" action={newButton}>
          A show is one live event: a time, a line-up of products, and a host. Plan the first one.
        </EmptyState>
      ) : null}
      {showGroups(shows.data ?? []).map((group) => (
        <section key={group.title} className={classes.group} aria-label={group.title}>
          <h2 className={classes.groupTitle}>{group.title}</h2>
          <ul>
            {group.shows.map((show) => (
              <ShowRow key={show.id} show={show} />
            ))}
          </ul>
        </section>
      ))}
      <NewShow isOpen={isNewOpen} onClose={() => setIsNewOpen(false)} />
    </Shell>
  );
}

function ShowRow({ show }: { show: Show }) {
  const isNow = ON_AIR_STATES.includes(show.state) || show.state === 'waiting';
  const address = isNow ? `/shows/${show.id}/live` : show.state === 'ended' ? `/shows/${show.id}/report` : `/shows/${show.id}`;
  const time = show.endedAt ?? show.liveAt ?? show.scheduledAt;
  return (
    <li className={classes.row}>
      <Link href={address} className={classes.link}>
        <span className={classes.name}>
          {isNow && show.previewPlaylistUrl !== null ? <LiveStill playlistUrl={show.previewPlaylistUrl} /> : null}
          <span className="truncate">{show.title}</span>
          {show.isSimulated ? <SimMark /> : null}
        </span>
        <span className={`${classes.host} truncate`}>{show.hostName || '–'}</span>
        <span className={classes.count}>
          {show.lineUp.length} {plural(show.lineUp.length, 'product')}
        </span>
        <span className={classes.time}>{time === null ? 'no time yet' : dateTimeText(time)}</span>
        <span className={classes.chip}>
          <ShowStateChip state={show.state} />
        </span>
      </Link>
    </li>
  );
}

function NewShow({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const creating = useMutation({
    mutationFn: () => createShow({ title }),
    onSuccess: (show) => {
      queries.setQueryData(queryKeys.show(show.id), show);
      void queries.invalidateQueries({ queryKey: queryKeys.shows });
      go(`/shows/${show.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="New show">
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label="Title"
          description="Shoppers see it"
          required
          maxLength={LIMITS.showTitleLength}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
        />
        <FormProblem error={creating.error} />
        <div className={classes.formActs}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={creating.isPending}>
            Plan it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
