// One show before it goes on air, as a checklist that fills itself: what is done is ticked by the server, what is open
// says in one sentence what to do.

import { ON_AIR_STATES, type ReadinessItem, type Show, type ShowCommand } from '@insp/protocol';
import { Button, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useActive } from '../accounts/session.tsx';
import { readOrganization } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { duplicateShow, readReadiness, readShow } from '../api/shows.ts';
import { useShowCommand } from '../shows/use-show-command.ts';
import { SimMark } from '../ui/figure.tsx';
import { Icon } from '../ui/icons.tsx';
import { tellRefused } from '../ui/notices.tsx';
import { Shell } from '../ui/shell.tsx';
import { ShowStateChip } from '../ui/show-state-chip.tsx';
import { LoadingLines, Problem } from '../ui/states.tsx';
import { DetailsSection } from './details-section.tsx';
import { EmbedSection } from './embed-section.tsx';
import { EncoderSection } from './encoder-section.tsx';
import { LineUpSection } from './line-up-section.tsx';
import { RestreamSection } from './restream-section.tsx';
import classes from './show-page.module.css';

/** The checklist asks the server this often: a picture or an import ticks it without a reload. */
const READINESS_MS = 4_000;

export function ShowPage({ showId }: { showId: string }) {
  const show = useQuery({ queryKey: queryKeys.show(showId), queryFn: () => readShow(showId) });
  const readiness = useQuery({
    queryKey: queryKeys.readiness(showId),
    queryFn: () => readReadiness(showId),
    refetchInterval: READINESS_MS,
  });
  const organization = useQuery({ queryKey: queryKeys.organization, queryFn: readOrganization });
  if (show.error) {
    return (
      <Shell title="Show">
        <Problem error={show.error} onRetry={() => void show.refetch()} />
      </Shell>
    );
  }
  if (!show.data) {
    return (
      <Shell title="Show">
        <LoadingLines count={8} />
      </Shell>
    );
  }
  const item = (key: ReadinessItem['key']) => readiness.data?.find((one) => one.key === key) ?? null;
  return (
    <Shell
      title={show.data.title}
      heading={
        <>
          {show.data.title} <ShowStateChip state={show.data.state} /> {show.data.isSimulated ? <SimMark /> : null}
        </>
      }
      actions={<ShowActions show={show.data} />}
    >
      <div className={classes.layout}>
        <div className={classes.sections}>
          <DetailsSection key={show.data.version} show={show.data} item={item('schedule')} />
          <LineUpSection show={show.data} item={item('products')} organization={organization.data ?? null} />
          <EncoderSection show={show.data} item={item('picture_source')} />
          <RestreamSection show={show.data} />
          <EmbedSection show={show.data} item={item('page_published')} organization={organization.data ?? null} />
        </div>
        <Checklist show={show.data} items={readiness.data ?? null} />
      </div>
    </Shell>
  );
}

function ShowActions({ show }: { show: Show }) {
  const [, go] = useLocation();
  const queries = useQueryClient();
  const commands = useShowCommand(show.id);
  const permissions = useActive()?.permissions ?? [];
  const canPlan = permissions.includes('show.plan');
  const duplicate = async () => {
    try {
      const copy = await duplicateShow(show.id);
      void queries.invalidateQueries({ queryKey: queryKeys.shows });
      go(`/shows/${copy.id}`);
    } catch (error) {
      tellRefused('The show was not duplicated', error);
    }
  };
  const menuCommand = (label: string, command: ShowCommand) => <Menu.Item onClick={() => void commands.run(command)}>{label}</Menu.Item>;
  const hasRoom = show.state === 'scheduled' || show.state === 'waiting' || ON_AIR_STATES.includes(show.state);
  return (
    <>
      {canPlan ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<Icon name="chevronDown" sizePx={14} />}>
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void duplicate()}>Duplicate</Menu.Item>
            {show.state === 'scheduled' ? menuCommand('Back to draft', 'unschedule') : null}
            {show.state === 'draft' || show.state === 'scheduled' || show.state === 'waiting'
              ? menuCommand('Cancel the show', 'cancel')
              : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {show.state === 'draft' && canPlan ? (
        <Button loading={commands.running === 'schedule'} onClick={() => void commands.run('schedule')}>
          Schedule
        </Button>
      ) : null}
      {hasRoom ? (
        <Button onClick={() => go(`/shows/${show.id}/live`)} rightSection={<Icon name="arrowRight" />}>
          Open live
        </Button>
      ) : null}
      {show.state === 'ended' ? <Button onClick={() => go(`/shows/${show.id}/report`)}>Read the report</Button> : null}
    </>
  );
}

const titles: Record<ReadinessItem['key'], string> = {
  schedule: 'Schedule',
  products: 'Products',
  picture_source: 'Picture source',
  page_published: 'Page',
};
const ORDER = ['schedule', 'products', 'picture_source', 'page_published'] as const;

function Checklist({ show, items }: { show: Show; items: readonly ReadinessItem[] | null }) {
  const isOver = show.state === 'ended' || show.state === 'cancelled';
  if (isOver) return null;
  const openCount = items?.filter(({ isDone }) => !isDone).length ?? 0;
  return (
    <aside className={classes.aside} aria-label="Checklist">
      <h2 className={classes.asideTitle}>
        {items === null ? 'Checking' : openCount === 0 ? 'All is ready' : `${openCount} of ${items.length} to do`}
      </h2>
      {items === null ? <LoadingLines count={4} /> : null}
      <ul className={classes.checks}>
        {ORDER.map((key) => {
          const item = items?.find((one) => one.key === key);
          return item ? (
            <li key={key}>
              <a href={`#${key}`} className={classes.check} data-done={item.isDone}>
                <Tick isDone={item.isDone} />
                <span>
                  {titles[key]}
                  <span className={classes.detail}>{item.detail}</span>
                </span>
              </a>
            </li>
          ) : null;
        })}
      </ul>
    </aside>
  );
}

/** Done or not, as shape and word, not as colour alone. */
export function Tick({ isDone }: { isDone: boolean }) {
  return (
    <span className={classes.tick} data-done={isDone} role="img" aria-label={isDone ? 'Done' : 'To do'}>
      {isDone ? <Icon name="check" sizePx={14} /> : null}
    </span>
  );
}
