// A show that everybody forgot ends by itself: said in every layout, with one tap to keep it.
import { Button } from '@mantine/core';
import { timerText } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';
import { useLive } from './live-context.tsx';
import { Banner } from './show-banner.tsx';

export function AutoEndBanner() {
  const { room, can, acts } = useLive();
  const nowMs = useNow(500) + room.clockOffsetMs;
  const warning = room.autoEnd;
  if (!warning) return null;
  return (
    <Banner
      tone="act"
      title={warning.isLast ? 'The show is about to end.' : 'Is this show still on?'}
      figure={timerText(warning.endsAt - nowMs)}
      figureLabel="until it ends"
      action={
        can('show.run') ? (
          <Button size="md" onClick={() => void acts.act({ kind: 'keep_live' })}>
            Keep live
          </Button>
        ) : undefined
      }
    >
      {reasons[warning.cause]}
    </Banner>
  );
}

const reasons = {
  dead_air: 'The picture is black or stands still, and nothing is to be heard.',
  unwatched: 'Nobody watches, and nobody has touched this page for a while.',
  too_long: 'It has been on air as long as your organization allows.',
} as const;
