// The live page: opens the room, gives every panel what it needs, and lays them out by mode. A second before live it
// shows the waiting room, after the end it points to the report.

import type { Permission } from '@insp/protocol';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useActive } from '../accounts/session.tsx';
import { readOrganization } from '../api/organization.ts';
import { queryKeys } from '../api/query-keys.ts';
import { readShow } from '../api/shows.ts';
import { useShowCommand } from '../shows/use-show-command.ts';
import { EmptyState, LoadingLines, Problem } from '../ui/states.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AudiencePanel } from './audience-panel.tsx';
import { AutoEndBanner } from './auto-end-banner.tsx';
import { CHAT_INPUT_ID } from './chat-composer.tsx';
import { ChatPanel } from './chat-panel.tsx';
import { cueLanes, topCue } from './cue-lanes.ts';
import { CuesPanel } from './cues-panel.tsx';
import { EndShow } from './end-show.tsx';
import { Glance } from './glance.tsx';
import type { KeyAct } from './keys.ts';
import { KeysHelp } from './keys-help.tsx';
import { LineUpPanel } from './line-up-panel.tsx';
import { type LiveContext, LiveProvider } from './live-context.tsx';
import { LiveHeader } from './live-header.tsx';
import { type LiveMode, modeFromSearch } from './live-mode.ts';
import classes from './live-page.module.css';
import { nextInLineUp } from './next-product.ts';
import { OnDisplay } from './on-display.tsx';
import { Preview } from './preview.tsx';
import { featuredHighlight } from './room-state.ts';
import { ShowBanner } from './show-banner.tsx';
import { SpeakPanel } from './speak-panel.tsx';
import { StripPanel } from './strip-panel.tsx';
import { useActs } from './use-acts.ts';
import { useAlarm } from './use-alarm.ts';
import { useKeys } from './use-keys.ts';
import { usePresence } from './use-presence.ts';
import { useRoom } from './use-room.ts';

export function LivePage({ showId }: { showId: string }) {
  const [, go] = useLocation();
  const search = useSearch();
  const mode = modeFromSearch(search);
  const active = useActive();
  const queries = useQueryClient();
  const show = useQuery({ queryKey: queryKeys.show(showId), queryFn: () => readShow(showId) });
  const organization = useQuery({ queryKey: queryKeys.organization, queryFn: readOrganization });
  const { host, chat, view, tellPresence } = useRoom(showId);
  const acts = useActs(host);
  const commands = useShowCommand(showId);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isEndOpen, setIsEndOpen] = useState(false);
  const warning = view.room?.autoEnd ?? null;
  useTitle(`${warning ? '⏳ Ends soon: ' : ''}${show.data ? `${show.data.title}, live` : 'Live'}`);
  useAlarm(warning, show.data?.title ?? 'Insp');
  usePresence(tellPresence);

  // The room knows first when a show changes; the planned parts are then read again.
  const roomState = view.room?.showState;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state is the reason to read again
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: queryKeys.show(showId) });
  }, [roomState, queries, showId]);

  const setMode = (next: LiveMode) => go(next === 'producer' ? `/shows/${showId}/live` : `/shows/${showId}/live?mode=${next}`);

  const live = useMemo<LiveContext | null>(
    () =>
      show.data && view.room
        ? {
            show: show.data,
            room: view.room,
            acts,
            chat,
            organization: organization.data ?? null,
            isOnline: view.connection.kind === 'open',
            can: (permission: Permission) => active?.permissions.includes(permission) ?? false,
          }
        : null,
    [show.data, view, acts, chat, organization.data, active],
  );

  const onKey = (act: KeyAct) => {
    if (!live) return;
    const { room, can } = live;
    const featured = featuredHighlight(room.highlights);
    const cue = topCue(cueLanes(room.cues, Date.now() + room.clockOffsetMs));
    if (act === 'help') setIsHelpOpen(true);
    else if (act === 'glance') setMode(mode === 'glance' ? 'producer' : 'glance');
    else if (act === 'moderator' || act === 'producer') setMode(act);
    else if (act === 'undo') acts.undoLast();
    else if (act === 'write') document.getElementById(CHAT_INPUT_ID)?.focus();
    else if (act === 'take_cue' || act === 'skip_cue') {
      if (cue && can('copilot.use')) void acts.act({ kind: act, cueId: cue.id });
    } else if (!can('show.run')) return;
    else if (act === 'hide') {
      if (featured) void acts.act({ kind: 'hide_highlight', highlightId: featured.id, productId: featured.productId });
    } else {
      const onDisplay = new Set<string>(room.highlights.map(({ productId }) => productId));
      const productId =
        act === 'next'
          ? nextInLineUp(live.show.lineUp, room.products, onDisplay, featured?.productId ?? null)
          : live.show.lineUp[act.showNumber - 1]?.productId;
      if (productId && !onDisplay.has(productId)) void acts.act({ kind: 'show_product', productId });
    }
  };
  useKeys(mode === 'glance', onKey);

  if (show.error)
    return (
      <Alone title={show.data?.title ?? 'Live'}>
        <Problem error={show.error} onRetry={() => void show.refetch()} />
      </Alone>
    );
  if (view.connection.kind === 'ended' && !view.room) {
    return (
      <Alone title={show.data?.title ?? 'Live'}>
        <EmptyState
          title={view.connection.error?.title ?? 'The room is closed'}
          action={
            <Button variant="default" onClick={() => go(`/shows/${showId}`)}>
              Back to planning
            </Button>
          }
        >
          {view.connection.error?.fix}
        </EmptyState>
      </Alone>
    );
  }
  if (!live)
    return (
      <Alone title={show.data?.title ?? 'Live'}>
        <p className="muted">Opening the room</p>
        <LoadingLines count={6} />
      </Alone>
    );
  const { room } = live;

  if (room.showState === 'ended') {
    return (
      <Alone title={show.data?.title ?? 'Live'}>
        <EmptyState
          title="The show has ended"
          action={
            <>
              <Button onClick={() => go(`/shows/${showId}/report`)}>Read the report</Button>
              {live.can('show.run') ? (
                <Button variant="default" loading={commands.running === 'reopen'} onClick={() => void commands.run('reopen')}>
                  Reopen
                </Button>
              ) : null}
              <Button variant="subtle" color="gray" onClick={() => go('/')}>
                All shows
              </Button>
            </>
          }
        >
          What each product brought is in the report. A show can be reopened for two hours, with the same address and figures.
        </EmptyState>
      </Alone>
    );
  }
  if (room.showState === 'draft' || room.showState === 'cancelled') {
    return (
      <Alone title={show.data?.title ?? 'Live'}>
        <EmptyState
          title={room.showState === 'draft' ? 'The show is not scheduled yet' : 'The show was cancelled'}
          action={<Button onClick={() => go(`/shows/${showId}`)}>Open planning</Button>}
        >
          {room.showState === 'draft' ? 'Choose a start time and schedule it; then its room can open.' : 'Duplicate it to plan it anew.'}
        </EmptyState>
      </Alone>
    );
  }

  return (
    <LiveProvider value={live}>
      {mode === 'glance' ? (
        <Glance onLeave={() => setMode('producer')} />
      ) : (
        <div className={classes.page} data-mode={mode}>
          <LiveHeader
            mode={mode}
            onMode={setMode}
            onHelp={() => setIsHelpOpen(true)}
            onEnd={() => setIsEndOpen(true)}
            commands={commands}
          />
          <main className={classes.main}>
            <AutoEndBanner />
            <ShowBanner commands={commands} connection={view.connection} />
            <LiveGrid mode={mode} hasCopilot={live.can('copilot.use')} />
          </main>
        </div>
      )}
      <KeysHelp isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
      <EndShow isOpen={isEndOpen} onClose={() => setIsEndOpen(false)} commands={commands} />
    </LiveProvider>
  );
}

const PHONE_TABS = [
  { tab: 'run', label: 'Run' },
  { tab: 'chat', label: 'Chat' },
  { tab: 'room', label: 'Room' },
] as const;

/** All panels at once on a desk; three tabs on a phone. */
function LiveGrid({ mode, hasCopilot }: { mode: LiveMode; hasCopilot: boolean }) {
  const [tab, setTab] = useState<(typeof PHONE_TABS)[number]['tab']>('run');
  return (
    <>
      <div className={classes.grid} data-mode={mode} data-tab={tab} data-copilot={hasCopilot}>
        <Preview />
        <OnDisplay />
        <LineUpPanel />
        <StripPanel />
        {hasCopilot ? <CuesPanel /> : null}
        <ChatPanel />
        {hasCopilot ? <SpeakPanel /> : null}
        {hasCopilot ? <AudiencePanel /> : null}
      </div>
      <nav className={classes.tabs} aria-label="Parts of the live page">
        {PHONE_TABS.map(({ tab: value, label }) => (
          <button key={value} type="button" aria-current={tab === value} onClick={() => setTab(value)}>
            {label}
          </button>
        ))}
      </nav>
    </>
  );
}

function Alone({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <main className={classes.alone}>
      <h1 className={classes.aloneTitle}>{title}</h1>
      {children}
    </main>
  );
}
