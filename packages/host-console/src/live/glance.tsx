// For a tablet under the camera, readable from two metres: the three cards, the clock, how long the product is on
// display and what comes next. A swipe or a foot pedal takes or skips.

import type { Cue } from '@insp/protocol';
import { ON_AIR_STATES } from '@insp/protocol';
import { ActionIcon, Button } from '@mantine/core';
import { type PointerEvent, useRef } from 'react';
import { SimMark } from '../ui/figure.tsx';
import { clockText, countText } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { ShowStateChip } from '../ui/show-state-chip.tsx';
import { useNow } from '../ui/use-now.ts';
import { AutoEndBanner } from './auto-end-banner.tsx';
import { CUE_LANES, type CueLane, cueLanes } from './cue-lanes.ts';
import { takeWords } from './cues-panel.tsx';
import classes from './glance.module.css';
import { useLive } from './live-context.tsx';
import { DisplayTimer } from './on-display.tsx';
import { featuredHighlight } from './room-state.ts';
import { useNext } from './use-next.ts';

const SWIPE_PX = 90;
const quiet: Record<CueLane, string> = { say: 'No question waits', sell: 'Stay with this product', who: 'Nobody to greet' };

export function Glance({ onLeave }: { onLeave: () => void }) {
  const { show, room } = useLive();
  const nowMs = useNow() + room.clockOffsetMs;
  const lanes = cueLanes(room.cues, nowMs);
  const featured = featuredHighlight(room.highlights);
  const next = useNext();
  const isOnAir = ON_AIR_STATES.includes(room.showState);
  const advice = room.health?.advice ?? '';
  return (
    <main className={classes.glance}>
      <h1 className={classes.hidden}>{show.title}</h1>
      <div className={classes.top}>
        <ShowStateChip state={room.showState} />
        {isOnAir && show.liveAt !== null ? <time className={classes.clock}>{clockText(nowMs - show.liveAt)}</time> : null}
        <span className={classes.watching}>
          {countText(room.watchingCount)} <span>watching</span> {room.audience?.hasSimulated ? <SimMark /> : null}
        </span>
        <ActionIcon variant="subtle" color="gray" size="xl" onClick={onLeave} aria-label="Leave glance mode" className={classes.leave}>
          <Icon name="close" sizePx={24} />
        </ActionIcon>
      </div>
      <AutoEndBanner />
      {advice ? (
        <p className={classes.advice} role="status">
          {advice}
        </p>
      ) : null}
      <ul className={classes.cards} aria-live="polite" aria-relevant="additions">
        {CUE_LANES.map((lane) => (
          <li key={lane} className={classes.slot}>
            <GlanceCard key={lanes[lane]?.id ?? lane} lane={lane} cue={lanes[lane]} />
          </li>
        ))}
      </ul>
      <div className={classes.bottom}>
        <p className={classes.now}>
          <span className={classes.label}>On display</span>
          <span className="truncate">{featured ? (room.products.get(featured.productId)?.title ?? '–') : 'Nothing'}</span>
          {featured ? <DisplayTimer startedAt={featured.startedAt} /> : null}
        </p>
        <p className={classes.next}>
          <span className={classes.label}>Next</span>
          <span className="truncate">{next?.product.title ?? 'Nothing left'}</span>
        </p>
      </div>
    </main>
  );
}

function GlanceCard({ lane, cue }: { lane: CueLane; cue: Cue | null }) {
  const { acts } = useLive();
  const startX = useRef<number | null>(null);
  if (!cue) {
    return (
      <div className={classes.card} data-empty="true">
        <span className={classes.lane}>{lane}</span>
        <p className={classes.quiet}>{quiet[lane]}</p>
      </div>
    );
  }
  const take = () => void acts.act({ kind: 'take_cue', cueId: cue.id });
  const skip = () => void acts.act({ kind: 'skip_cue', cueId: cue.id });
  const onPointerUp = (event: PointerEvent) => {
    const movedPx = startX.current === null ? 0 : event.clientX - startX.current;
    startX.current = null;
    if (movedPx > SWIPE_PX) take();
    else if (movedPx < -SWIPE_PX) skip();
  };
  return (
    <article
      className={classes.card}
      onPointerDown={(event) => {
        startX.current = event.clientX;
      }}
      onPointerUp={onPointerUp}
    >
      <span className={classes.lane}>{lane}</span>
      <h2 className={classes.headline}>{cue.headline}</h2>
      <p className={classes.reason}>{cue.detail}</p>
      <div className={classes.acts}>
        <Button size="lg" onClick={take}>
          {takeWords[cue.act.kind]}
        </Button>
        <Button size="lg" variant="default" onClick={skip}>
          Skip
        </Button>
      </div>
    </article>
  );
}
