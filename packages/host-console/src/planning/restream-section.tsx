// Where else the show is to be seen: targets, set up before it goes on air.
import { ON_AIR_STATES, type Show } from '@insp/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useActive } from '../accounts/session.tsx';
import { queryKeys } from '../api/query-keys.ts';
import { listTargets } from '../api/restream.ts';
import { TargetList } from '../restream/target-list.tsx';
import { LoadingLines, Problem } from '../ui/states.tsx';
import { useNow } from '../ui/use-now.ts';
import classes from './show-page.module.css';

const REFRESH_MS = 4_000;

export function RestreamSection({ show }: { show: Show }) {
  const queries = useQueryClient();
  const permissions = useActive()?.permissions ?? [];
  const nowMs = useNow();
  const queryKey = queryKeys.restreamTargets(show.id);
  const targets = useQuery({ queryKey, queryFn: () => listTargets(show.id), refetchInterval: REFRESH_MS });
  const isOver = show.state === 'ended' || show.state === 'cancelled';
  return (
    <section id="restream" className={classes.section} aria-labelledby="restream-title">
      <div className={`${classes.sectionHead} ${classes.sectionHeadPlain}`}>
        <h2 id="restream-title" className={classes.sectionTitle}>
          Show it elsewhere too
        </h2>
        <div className={classes.sectionAside}>
          <span className="muted">optional</span>
        </div>
      </div>
      <div className={classes.sectionBody}>
        {targets.isPending ? <LoadingLines count={2} /> : null}
        {targets.error ? <Problem error={targets.error} onRetry={() => void targets.refetch()} /> : null}
        {targets.data ? (
          <TargetList
            showId={show.id}
            targets={targets.data}
            health={null}
            isOnAir={ON_AIR_STATES.includes(show.state)}
            canManage={permissions.includes('restream.manage') && !isOver}
            canRun={permissions.includes('show.run') && !isOver}
            nowMs={nowMs}
            onChanged={() => void queries.invalidateQueries({ queryKey })}
          />
        ) : null}
      </div>
    </section>
  );
}
