// Runs the three panels for every show that has a room: takes facts and chat in, keeps one small state a show,
// and publishes each panel at most once a second, only when it changed. A state not kept in memory (restart,
// report of an old show) is rebuilt from the chat archive and the event log, so nothing here needs saving but
// the host's own "answered" marks.
import type { Fact, QuestionClusterId, ShowId, ViewerId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import type { NewFact } from '../capture/index.ts';
import { deleteAnswered, loadAnswered, saveAnswered } from './answer-store.postgres.ts';
import { buildAudience, type InShow } from './audience.ts';
import type { ChatLine, InsightsPorts, Panels, ShowFacts } from './ports.ts';
import { createQuestionBoard, type QuestionBoard } from './question-board.ts';
import { isQuestion } from './question-text.ts';
import { buildSellOrder, createRecentDeeds, type RecentDeeds, SELL_WINDOW_MS } from './sell-order.ts';

const TICK_MS = 1_000;
const MAX_SHOWS_KEPT = 200;
const IDLE_SHOW_MS = 10 * 60_000;
const MAX_VIEWERS_KEPT = 20_000;

type ShowInsights = {
  facts: ShowFacts;
  board: QuestionBoard;
  deeds: RecentDeeds;
  inShow: Map<ViewerId, InShow>;
  /** Sequence number of the last chat line taken: a line both in the archive and told live counts once. */
  lastSeq: number;
  dirty: boolean;
  drawnAtMs: number;
  usedAtMs: number;
  panels: Panels | null;
};

export type Insights = Service & {
  chatPosted(showId: ShowId, line: ChatLine): void;
  factHappened(fact: Fact): void;
  presenceChanged(showId: ShowId): void;
  showChanged(showId: ShowId): void;
  /** Panels as they stand; rebuilds what is not in memory. Null for an unknown show. */
  panels(showId: ShowId): Promise<Panels | null>;
  setAnswered(showId: ShowId, id: QuestionClusterId, isAnswered: boolean, by: string): Promise<Outcome<Record<string, never>>>;
  onPanelsChanged(listen: (showId: ShowId, panels: Panels) => void): () => void;
};

export type InsightsDeps = {
  ports: InsightsPorts;
  database: Database;
  recorder: { commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T> };
  newFact: NewFact;
  clock: Clock;
  ids: Ids;
  logger: Logger;
};

export function createInsights({ ports, database, recorder, newFact, clock, ids, logger }: InsightsDeps): Insights {
  const shows = new Map<ShowId, Promise<ShowInsights | null>>();
  const listeners = new Set<(showId: ShowId, panels: Panels) => void>();
  let stopTicking: (() => void) | null = null;
  let ticking: Promise<void> = Promise.resolve();

  async function open(showId: ShowId): Promise<ShowInsights | null> {
    const facts = await ports.showFacts(showId);
    if (!facts) return null;
    const show: ShowInsights = {
      facts,
      board: createQuestionBoard({ createId: () => ids.create('qst'), products: () => show.facts.products, locale: facts.locale }),
      deeds: createRecentDeeds(),
      inShow: new Map(),
      lastSeq: 0,
      dirty: true,
      drawnAtMs: 0,
      usedAtMs: clock.nowMs(),
      panels: null,
    };
    for (const { key, answeredAt } of await loadAnswered(database, showId)) show.board.restoreAnswered(key, answeredAt);
    for (const line of await ports.chatOf(showId)) takeLine(show, line);
    for (const deed of await ports.recentDeeds(showId, clock.nowMs() - SELL_WINDOW_MS)) {
      if (deed.kind === 'sold') show.deeds.sold(deed.productId, deed.weight, deed.occurredAt);
      else show.deeds.clicked(deed.productId, deed.weight, deed.occurredAt);
    }
    for (const viewerId of await ports.buyersInShow(showId)) note(show, viewerId).hasBought = true;
    return show;
  }

  function find(showId: ShowId): Promise<ShowInsights | null> {
    const known = shows.get(showId);
    if (known) return known;
    const opening = open(showId).catch((cause: unknown) => {
      shows.delete(showId);
      throw cause;
    });
    shows.set(showId, opening);
    return opening;
  }

  /** Applies `change` to a show that is open (or being opened); opening replays the archive, which holds the rest. */
  function touch(showId: ShowId, change: (show: ShowInsights) => void): void {
    find(showId)
      .then((show) => {
        if (!show) return;
        change(show);
        show.dirty = true;
        show.usedAtMs = clock.nowMs();
      })
      .catch((cause: unknown) => logger.error({ err: cause, showId }, 'insights could not open a show'));
  }

  function note(show: ShowInsights, viewerId: ViewerId): InShow {
    const known = show.inShow.get(viewerId);
    if (known) return known;
    if (show.inShow.size >= MAX_VIEWERS_KEPT) {
      const oldest = show.inShow.keys().next().value;
      if (oldest) show.inShow.delete(oldest);
    }
    const fresh: InShow = { hasBought: false, hasAsked: null, messageCount: 0 };
    show.inShow.set(viewerId, fresh);
    return fresh;
  }

  function takeLine(show: ShowInsights, line: ChatLine): void {
    if (line.seq <= show.lastSeq) return;
    show.lastSeq = line.seq;
    const person = note(show, line.viewerId);
    person.messageCount += 1;
    if (isQuestion(line.text)) person.hasAsked = line.text.length > 60 ? `${line.text.slice(0, 57)}...` : line.text;
    show.board.ask({ ...line, askedAt: line.postedAt });
  }

  async function draw(showId: ShowId, show: ShowInsights): Promise<Panels> {
    const now = clock.nowMs();
    show.facts = (await ports.showFacts(showId)) ?? show.facts;
    const viewers = ports.presence(showId).filter((entry) => entry.role === 'viewer');
    const viewerIds = viewers.map((entry) => entry.viewerId);
    const customerOf = new Map(viewers.flatMap((entry) => (entry.customerId ? [[entry.viewerId, entry.customerId] as const] : [])));
    const [attended, past] = await Promise.all([
      ports.showsAttended(show.facts.orgId, viewerIds),
      ports.pastOrders(show.facts.orgId, [...new Set(customerOf.values())], showId),
    ]);
    return {
      audience: buildAudience({
        present: viewers.map((entry) => ({ ...entry, name: entry.displayName, showsAttendedCount: attended.get(entry.viewerId) ?? 1 })),
        pastOrders: (viewerId) => past.get(customerOf.get(viewerId) ?? '') ?? null,
        inShow: (viewerId) => show.inShow.get(viewerId) ?? null,
        locale: show.facts.locale,
        now,
      }),
      questions: show.board.view(now),
      sellOrder: buildSellOrder({
        products: show.facts.products,
        recent: show.deeds.totals(now),
        onDisplay: new Set(show.facts.highlightedProductIds),
        now,
      }),
    };
  }

  async function tick(): Promise<void> {
    const now = clock.nowMs();
    for (const [showId, opening] of shows) {
      const show = await opening.catch(() => null);
      if (!show) {
        shows.delete(showId);
        continue;
      }
      const isIdle = now - show.usedAtMs > IDLE_SHOW_MS && ports.presence(showId).length === 0;
      if (isIdle || shows.size > MAX_SHOWS_KEPT) {
        shows.delete(showId);
        continue;
      }
      // The window of recent sales slides even when nothing happens: redraw every ten seconds at least.
      if (!show.dirty && now - show.drawnAtMs < 10_000) continue;
      show.dirty = false;
      show.drawnAtMs = now;
      const panels = await draw(showId, show);
      show.panels = panels;
      ports.publishLatest(showId, 'staff', 'audience_changed', panels.audience);
      ports.publishLatest(showId, 'staff', 'questions_changed', panels.questions);
      ports.publishLatest(showId, 'staff', 'sell_order_changed', panels.sellOrder);
      for (const listen of listeners) listen(showId, panels);
    }
  }

  return {
    async start() {
      let busy = false;
      stopTicking ??= clock.every(TICK_MS, () => {
        if (busy) return;
        busy = true;
        ticking = tick()
          .catch((cause: unknown) => logger.error({ err: cause }, 'insights tick failed'))
          .finally(() => {
            busy = false;
          });
      });
    },
    async stop() {
      stopTicking?.();
      stopTicking = null;
      await ticking;
    },
    chatPosted: (showId, line) => touch(showId, (show) => takeLine(show, line)),
    factHappened(fact) {
      const { showId, productId, viewerId } = fact;
      if (!showId || !shows.has(showId)) return;
      if (fact.name === 'orders.line_sold' && productId) touch(showId, (show) => show.deeds.sold(productId, fact.weight, fact.occurredAt));
      if (fact.name === 'product.clicked' && productId)
        touch(showId, (show) => show.deeds.clicked(productId, fact.weight, fact.occurredAt));
      if (fact.name === 'orders.order_placed' && viewerId) {
        touch(showId, (show) => {
          note(show, viewerId).hasBought = true;
        });
      }
    },
    presenceChanged: (showId) => touch(showId, () => {}),
    showChanged(showId) {
      if (shows.has(showId)) touch(showId, () => {});
    },
    async panels(showId) {
      const show = await find(showId);
      if (!show) return null;
      show.usedAtMs = clock.nowMs();
      return show.panels ?? draw(showId, show);
    },
    async setAnswered(showId, id, isAnswered, by) {
      const show = await find(showId);
      const now = clock.nowMs();
      const change = show?.board.setAnswered(id, isAnswered ? now : null);
      if (!show || !change) return refused('INSP_INSIGHTS_QUESTION_NOT_FOUND');
      show.dirty = true;
      const { orgId } = show.facts;
      await recorder.commit(async (tx, record) => {
        if (!isAnswered) return deleteAnswered(tx, showId, change.key);
        await saveAnswered(tx, { orgId, showId, key: change.key, answeredAt: now, by });
        record(
          newFact('insights.question_closed', {
            orgId,
            showId,
            productId: change.productId,
            actor: { kind: 'member', id: by },
            weight: Math.max(1, change.askerCount),
            amountMinor: change.openMs,
            payload: { questionClusterId: id, openMs: change.openMs },
          }),
        );
      });
      return accepted({});
    },
    onPanelsChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}
