// The life of a show, from plan to end. This file lists what the module does; each use case has its own file.
import {
  type CreateShow,
  type IngestSource,
  type LineUpItem,
  ON_AIR_STATES,
  OPEN_ROOM_STATES,
  type ProductId,
  type Show,
  type ShowCommand,
  type ShowId,
  type ShowState,
  type UpdateShow,
} from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import { hasHighlight } from './highlight-store.postgres.ts';
import { createProductEcho } from './product-echo.ts';
import type { ShowContext, ShowsDeps } from './show-context.ts';
import { endHighlight, startHighlight } from './show-highlights.ts';
import { applyEvent, NO_ENCODER_REASON } from './show-lifecycle.ts';
import { createShow, duplicateShow, setLineUp, updateShow } from './show-plan.ts';
import { BY_ENCODER, BY_SYSTEM, type By, type ShowChange } from './show-record.ts';
import { ROOM_OPENS_BEFORE_MS, type ShowEvent } from './show-state.ts';
import {
  findNextDueMs,
  findShow,
  isInLineUp,
  listBroadcasts,
  listDueShows,
  listOnAirShows,
  listOpenShows,
  listShowsWithProducts,
  savePictureSeen,
} from './show-store.postgres.ts';
import { createShowTimers } from './show-timers.ts';
import {
  listOwnShows,
  readMoments,
  readOnAirSpans,
  readPublicShow,
  readReadiness,
  readRoom,
  readShow,
  readTransitions,
} from './show-views.ts';
import { authorizePublish, issueStreamKey, switchSource } from './stream-access.ts';

/** Shows on air at once, of all organizations: looked through once, at start. */
const MAX_ON_AIR_SHOWS = 1_000;
const STATES_WITH_VIEWERS: readonly ShowState[] = ['scheduled', 'waiting', 'live', 'paused', 'encoder_lost'];

const TIMER_REASONS = {
  open: 'The start is 15 minutes away.',
  grace_over: 'The encoder did not come back in time.',
  encoder_resumed: 'A picture is coming in.',
} as const;

export type Shows = ReturnType<typeof createShows>;

export function createShows(deps: ShowsDeps) {
  const listeners = new Set<(change: ShowChange) => void>();
  const context: ShowContext = {
    ...deps,
    emit(change) {
      for (const listen of listeners) listen(change);
    },
  };
  const { database, clock, logger } = deps;

  const timers = createShowTimers({
    clock,
    logger,
    findNextDueMs: () => findNextDueMs(database, ROOM_OPENS_BEFORE_MS),
    listDue: (nowMs, limit) => listDueShows(database, ROOM_OPENS_BEFORE_MS, nowMs, limit),
    async fire(showId, due) {
      // A picture that is there ends no show, even if the news of its return was lost on the way.
      const event = due === 'grace_over' && deps.ports.hasPicture(showId) ? 'encoder_resumed' : due;
      const reason = TIMER_REASONS[event];
      const outcome = await applyEvent(context, null, showId, event, BY_SYSTEM, reason);
      if (!outcome.ok) logger.warn({ showId, event, code: outcome.code }, 'a timer of a show was refused');
    },
  });

  const echo = createProductEcho({
    clock,
    async tell(showId) {
      try {
        const room = await readRoom(context, showId);
        if (room !== null) context.emit({ showId, orgId: room.orgId, type: 'products_changed', data: { products: [...room.products] } });
      } catch (err) {
        logger.warn({ err, showId }, 'a room was not told of changed products');
      }
    },
  });

  /** After a change that may move a timer. */
  async function andRearm<T>(outcome: Outcome<T>): Promise<Outcome<T>> {
    if (outcome.ok) timers.rearm();
    return outcome;
  }

  async function thenRead<T>(orgId: string, showId: string, outcome: Outcome<T>): Promise<Outcome<Show>> {
    return outcome.ok ? readShow(context, orgId, showId) : outcome;
  }

  // What an encoder does is taken in the order it happened: a loss that overtakes the return would end the show.
  const encoderNews = new Map<string, Promise<void>>();
  function tellEncoder(showId: string, event: ShowEvent, reason: string): Promise<void> {
    const before = encoderNews.get(showId) ?? Promise.resolve();
    const turn = before
      .catch(() => {})
      .then(async () => {
        await andRearm(await applyEvent(context, null, showId, event, BY_ENCODER, reason));
      })
      .finally(() => {
        if (encoderNews.get(showId) === turn) encoderNews.delete(showId);
      });
    encoderNews.set(showId, turn);
    return turn;
  }

  const service: Service = {
    async start() {
      // Whoever was on air when the process stopped has lost the encoder: it gets the full grace to come back.
      for (const { id } of await listOnAirShows(database, MAX_ON_AIR_SHOWS)) {
        if (!deps.ports.hasPicture(id)) await applyEvent(context, null, id, 'encoder_lost', BY_SYSTEM, NO_ENCODER_REASON);
      }
      await timers.start();
    },
    async stop() {
      echo.stop();
      await timers.stop();
    },
  };

  return {
    ...service,

    // plan
    create: async (orgId: string, plan: CreateShow): Promise<Outcome<Show>> =>
      readShow(context, orgId, await createShow(context, orgId, plan)),
    update: async (orgId: string, showId: string, version: number | null, change: UpdateShow): Promise<Outcome<Show>> =>
      thenRead(orgId, showId, await andRearm(await updateShow(context, orgId, showId, version, change))),
    setLineUp: async (
      orgId: string,
      showId: string,
      version: number | null,
      items: readonly LineUpItem[],
      by: By,
    ): Promise<Outcome<Show>> => thenRead(orgId, showId, await setLineUp(context, orgId, showId, version, items, by)),
    async duplicate(orgId: string, showId: string): Promise<Outcome<Show>> {
      const copied = await duplicateShow(context, orgId, showId);
      return copied.ok ? readShow(context, orgId, copied.value) : copied;
    },

    // run
    command: async (orgId: string, showId: string, command: ShowCommand, by: By, reason = ''): Promise<Outcome<Show>> =>
      thenRead(orgId, showId, await andRearm(await applyEvent(context, orgId, showId, command, by, reason))),
    startHighlight: (orgId: string, showId: string, productId: ProductId, by: By) => startHighlight(context, orgId, showId, productId, by),
    endHighlight: (orgId: string, showId: string, highlightId: string, by: By) => endHighlight(context, orgId, showId, highlightId, by),

    // video
    issueStreamKey: (orgId: string, showId: string, source: IngestSource) => issueStreamKey(context, orgId, showId, source),
    switchSource: (orgId: string, showId: string, source: IngestSource) => switchSource(context, orgId, showId, source),
    authorizePublish: (streamKey: string) => authorizePublish(context, streamKey),
    /** An encoder sent its first frame, or came back. */
    async encoderStarted(showId: string): Promise<void> {
      await Promise.all([tellEncoder(showId, 'encoder_resumed', ''), savePictureSeen(database, showId, clock.nowMs())]);
    },
    encoderLost: (showId: string, cause: string) => tellEncoder(showId, 'encoder_lost', cause),

    // read
    read: (orgId: string, showId: string) => readShow(context, orgId, showId),
    list: (orgId: string, page: { state: ShowState | null; cursor: string | null; limit: number }) => listOwnShows(context, orgId, page),
    transitions: (orgId: string, showId: string, page: { cursor: string | null; limit: number }) =>
      readTransitions(context, orgId, showId, page),
    readiness: (orgId: string, showId: string) => readReadiness(context, orgId, showId),
    publicShow: (showId: string, options: { isStaff: boolean }) => readPublicShow(context, showId, options),
    room: (showId: string) => readRoom(context, showId),
    /** Shows whose room is open, of all organizations; at most MAX_ON_AIR_SHOWS. */
    openShows: () => listOpenShows(database, OPEN_ROOM_STATES, MAX_ON_AIR_SHOWS),
    /** Shows on air or expected back, of all organizations; at most MAX_ON_AIR_SHOWS. */
    showsOnAir: () => listBroadcasts(database, ON_AIR_STATES, MAX_ON_AIR_SHOWS),
    isInLineUp: (showId: string, productId: string) => isInLineUp(database, showId, productId),
    hasHighlight: (showId: string, highlightId: string, productId: string) => hasHighlight(database, showId, highlightId, productId),
    /** What attribution needs of a show: whose it is and when it ended. */
    async endOf(showId: string): Promise<{ orgId: string; endedAt: number | null; isSimulated: boolean } | null> {
      const show = await findShow(database, showId);
      return show === null ? null : { orgId: show.orgId, endedAt: show.endedAt, isSimulated: show.isSimulated };
    },

    /** What a recording must know of its show. */
    async recorded(showId: string): Promise<{ showId: ShowId; orgId: string; playbackId: string; state: ShowState } | null> {
      const show = await findShow(database, showId);
      return show === null ? null : { showId: show.id, orgId: show.orgId, playbackId: show.playbackId, state: show.state };
    },
    onAirSpans: (showId: string) => readOnAirSpans(context, showId),
    moments: (showId: string) => readMoments(context, showId),

    // tell
    /** What the room must learn, after the commit. Returns the way to stop. */
    onChanged(listen: (change: ShowChange) => void): () => void {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    /** Products of the organization changed (catalog): rooms that show them are told. */
    async productsChanged(orgId: string, productIds: readonly ProductId[]): Promise<void> {
      for (const showId of await listShowsWithProducts(database, orgId, productIds, STATES_WITH_VIEWERS)) echo.changed(showId);
    },
  };
}

export type { By, ShowChange, ShowId };
