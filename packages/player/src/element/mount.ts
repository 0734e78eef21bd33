// The composition root of the player chunk: makes every part of one player and connects them, in plain sight.
import { createRoomPagePoll } from '@insp/client';
import type { EmbedEventName, ShowId } from '@insp/protocol';
import { createCartCaller } from '../cart/cart-caller.ts';
import { isRightToLeft, loadMessages, safeLocale } from '../i18n/locales.ts';
import { createTranslate, type MessageKey, type MessageValues, type Translate } from '../i18n/messages.ts';
import type { MountedPlayer, PlayerSite, Problem } from '../loader/mount-contract.ts';
import { hideNotice, showNotice } from '../loader/notice.ts';
import { errorPayload } from '../loader/problems.ts';
import { createDeviceMemory } from '../session/device-memory.ts';
import { createEventReporter, sendResultOf } from '../session/event-reporter.ts';
import { createPlaybackReports } from '../session/playback-reports.ts';
import { createChaptersFollower, createStoryboardFollower } from '../session/replay-files.ts';
import { createSaidReader } from '../session/said-reader.ts';
import { createSessionKeeper } from '../session/session-keeper.ts';
import { createShowTokens } from '../session/show-tokens.ts';
import { mintShowToken, sendEventBeacon, startViewerSession } from '../session/viewer-session.ts';
import type { Action } from '../store/action.ts';
import { type CartDeps, createCartDispatch, createCartRequests } from '../store/cart-requests.ts';
import { createChatRequests } from '../store/chat-requests.ts';
import { embedEvent } from '../store/embed-events.ts';
import { createMediaMediator } from '../store/media-mediator.ts';
import { isReplay, pictureAddress } from '../store/picture-address.ts';
import { initialState, type PlayerState } from '../store/player-state.ts';
import { createReactionBuffer } from '../store/reaction-buffer.ts';
import { reduce } from '../store/reduce.ts';
import type { Ask, RequestMap } from '../store/requests.ts';
import { createResumeKeeper, resumeRecordOf } from '../store/resume-keeper.ts';
import { createRoomMediator } from '../store/room-mediator.ts';
import { isLookingBack, nextSaidMs } from '../store/said-lines.ts';
import { nextMomentMs } from '../store/shelf-slice.ts';
import { tellStateChange } from '../store/state-events.ts';
import { createStore } from '../store/store.ts';
import { createSurfaceRequests } from '../store/surface-requests.ts';
import { createTimers } from '../store/timers.ts';
import { createAnnouncements } from './announcements.ts';
import { deviceOf } from './device.ts';
import { h } from './dom.ts';
import { createPlayerHandle } from './handle.ts';
import { createImpressions } from './impressions.ts';
import { tellPlaybackFailure } from './playback-failure.ts';
import { safeUrl } from './safe-url.ts';
import { createSessionStarter } from './session-starter.ts';
import { createShopLink } from './shop-link.ts';
import { createSkin } from './skin.ts';
import { watchStart } from './start-watch.ts';
import { createSurfaceRules } from './surface-rules.ts';

/** A notice that is no error goes by itself. */
const NOTICE_MS = 8_000;

/** What the shopper reads when the shop's own code is the trouble; the code stands below it in small print. */
const CART_PROBLEM_WORDS: Partial<Record<Problem['code'], MessageKey>> = {
  INSP_EMBED_HANDLER_MISSING: 'buyOnPage',
  INSP_EMBED_HANDLER_TIMED_OUT: 'shopTimeout',
};

const soonest = (one: number | null, other: number | null) => (one === null || other === null ? (one ?? other) : Math.min(one, other));

export function mountPlayer(site: PlayerSite): MountedPlayer {
  const timers = createTimers();
  const device = deviceOf(window);
  const showId = site.settings.show as ShowId;
  const store = createStore<PlayerState, Action>(initialState(site.settings, Date.now()), reduce);
  const state = store.get;
  let translate: Translate = (key) => key;
  let noticeCount = 0;

  const nowMs = () => Date.now() + room.clockOffsetMs;
  const newKey = () => crypto.getRandomValues(new Uint32Array(4)).reduce((text, part) => text + part.toString(16).padStart(8, '0'), '');
  const emit = (name: EmbedEventName, payload: Record<string, unknown> = {}) => site.emit(embedEvent(state(), device, name, payload));
  const notice = (text: MessageKey, problem: Pick<Problem, 'code' | 'detail'> | null = null, values: MessageValues = {}) => {
    noticeCount += 1;
    const { code = null, detail = null } = problem ?? {};
    store.dispatch({
      type: 'noticed',
      notice: {
        id: noticeCount,
        text,
        values,
        code,
        detail: code === 'INSP_EMBED_HANDLER_FAILED' || code === 'INSP_EMBED_HANDLER_MISSING' ? detail : null,
        isFatal: false,
        untilMs: nowMs() + NOTICE_MS,
      },
    });
  };
  const report = (problem: Problem) => {
    site.report(problem);
    emit('player.error', errorPayload(problem));
  };

  const video = h('video', { playsinline: true, 'webkit-playsinline': true, preload: 'none', tabindex: '-1', disableremoteplayback: true });
  video.muted = site.resume?.isMuted ?? true;
  const skin = createSkin(site.root, video, (isOpen) => {
    store.dispatch({ type: 'video_changed', change: { pip: isOpen ? 'window' : 'off' } });
    // Its window closed: the show goes on in the page, small where it would cover the shop.
    if (!isOpen && state().surface === 'open' && state().settings.mode !== 'inline')
      store.dispatch({ type: 'surface_changed', surface: 'mini' });
    if (isOpen) store.dispatch({ type: 'surface_changed', surface: 'open' });
  });
  const togglePip = async () => {
    if (skin.pip.isOpen) return skin.pip.close();
    if (skin.pip.isSupported) return skin.pip.open();
    return media.togglePip();
  };

  const memory = createDeviceMemory(() => localStorage);
  const session = createSessionKeeper({
    showId,
    source: site.deepLink?.source ?? 'direct',
    device,
    firstToken: site.resume?.token ?? memory.readToken(showId),
    viewerToken: () => shop.viewerToken(),
    start: (body) =>
      startViewerSession({ apiBaseUrl: site.apiBaseUrl, fetch: fetch.bind(window), wasBlockedByPolicy: site.wasBlockedByPolicy }, body),
    after: timers.after,
    onStarted: ({ show, viewerId, displayName, token }) => {
      memory.keep(showId, token, site.hub.consent.functional);
      store.dispatch({ type: 'session_started', show, viewerId, displayName });
    },
    onTokenRefused: (detail) => report({ code: 'INSP_EMBED_VIEWER_TOKEN_INVALID', detail: detail ?? undefined, isFatal: false }),
  });
  const poll = createRoomPagePoll({ fetch: fetch.bind(window), baseUrl: site.apiBaseUrl, showId });
  const room = createRoomMediator({ session, poll, dispatch: store.dispatch, after: timers.after });
  const reporter = createEventReporter({
    nowMs: Date.now,
    serverNowMs: nowMs,
    every: timers.every,
    mayMeasure: () => site.hub.consent.performance !== false,
    send: async (batch) => (state().room.connection === 'open' ? sendResultOf(await room.request('report_player_events', batch)) : 'waits'),
    beacon: (batch) => sendEventBeacon(site.apiBaseUrl, session.current?.token ?? null, batch),
  });
  const media = createMediaMediator({
    video,
    document,
    nowMs,
    after: timers.after,
    every: timers.every,
    onChange: (change) => store.dispatch({ type: 'video_changed', change }),
    onMoments: (moments) => store.dispatch({ type: 'moments_told', moments }),
    nextMomentMs: (programMs) => soonest(nextMomentMs(state().shelf.highlights, programMs), nextSaidMs(state(), programMs)),
    firstBitsPerSec: site.resume?.bitsPerSec ?? memory.readBitsPerSec(),
    ...createPlaybackReports({
      report: reporter.report,
      openedAtMs: () => surface.openedAtMs,
      nowMs: Date.now,
      onLatency: () => memory.keepBitsPerSec(media.playback()?.bitsPerSec ?? null, site.hub.consent.functional),
      onFailed: (detail) => tellPlaybackFailure({ report, notice, count: reporter.report }, detail),
    }),
  });
  const files = { fetch: fetch.bind(window), after: timers.after };
  const chapters = createChaptersFollower({ ...files, onChapters: (told) => store.dispatch({ type: 'chapters_told', chapters: told }) });
  const storyboard = createStoryboardFollower({ ...files, onStoryboard: (tiles) => store.dispatch({ type: 'storyboard_told', tiles }) });
  const said = createSaidReader({
    fetch: fetch.bind(window),
    nowMs,
    isKnown: (wanted) => state().chat.said.some(({ minute }) => minute === wanted),
    onSaid: (minute, messages) => store.dispatch({ type: 'minute_said', minute, messages }),
    onForget: () => store.dispatch({ type: 'said_forgotten' }),
  });
  const tokens = createShowTokens({
    nowMs,
    after: timers.after,
    mint: async (body) =>
      mintShowToken(
        { apiBaseUrl: site.apiBaseUrl, fetch: fetch.bind(window), wasBlockedByPolicy: site.wasBlockedByPolicy },
        (await session.get()).token,
        body,
      ),
  });
  const announcements = createAnnouncements({
    nowMs,
    every: timers.every,
    say: (text) => skin.say(text),
    translate: () => translate,
    locale: () => safeLocale(state().settings.locale),
  });
  const impressions = createImpressions({
    after: timers.after,
    onImpression: ({ productId, highlightId }) => {
      const position = state().shelf.products.findIndex((product) => product.id === productId);
      emit('product.impression', { productId, sku: state().shelf.products[position]?.variants[0]?.sku ?? null, position, highlightId });
      reporter.report({ name: 'product.impression', productId, highlightId });
      tokens.prefetch(productId, highlightId);
    },
  });
  const reactions = createReactionBuffer({
    after: timers.after,
    send: (kind, count) => void room.request('send_reaction', { kind, count }),
  });

  const leaveFor = (url: string) => {
    const target = safeUrl(url, location.href);
    if (target === null) return;
    // The show follows to the next page in its small window.
    if (state().video.status !== 'none' && state().surface === 'open') requests.minimise(null);
    surface.saveNow();
    location.assign(target);
  };
  const cartDeps: CartDeps = {
    state,
    dispatch: store.dispatch,
    caller: () => caller,
    handlers: () => site.hub.handlers,
    newKey,
    emit,
    report: reporter.report,
    announce: (product) => announcements.add('announceAdded', { product: product.title }, true),
    notice: (text, problem) => {
      report({ ...problem, isFatal: false });
      notice(text, problem);
    },
    showToken: (productId) => tokens.get(productId, null),
    leaveFor,
  };
  const dispatchCart = createCartDispatch(cartDeps);
  const caller = createCartCaller({
    handlers: () => site.hub.handlers,
    timeoutMs: () => site.hub.handlerTimeoutMs,
    after: timers.after,
    showToken: ({ productId, highlightId }) => (productId === null ? Promise.resolve('') : tokens.get(productId, highlightId)),
    dispatch: dispatchCart,
    report: (problem) => {
      report({ ...problem, isFatal: false });
      notice(CART_PROBLEM_WORDS[problem.code] ?? 'shopRefused', problem);
    },
  });

  const requests: RequestMap = {
    ...createSurfaceRequests({
      state,
      dispatch: store.dispatch,
      media,
      togglePip,
      leavePip: () => skin.pip.close(),
      reactions,
      emit,
      report: reporter.report,
      notice: (text) => notice(text),
      pageUrl: () => location.href,
      share: navigator,
    }),
    ...createChatRequests({ state, dispatch: store.dispatch, room, newKey, nowMs, emit }),
    ...createCartRequests(cartDeps, dispatchCart),
  };
  const ask: Ask = (name, ...data) => {
    // A page that opens the player by itself is not the shopper: no focus is taken, nothing is kept for the next page.
    if (navigator.userActivation?.isActive ?? true) surface.touchedByShopper();
    (requests[name] as (value: unknown) => void)(data[0] ?? null);
  };

  const shop = createShopLink({ site, state, dispatch: store.dispatch, dispatchCart, caller, session, emit, report, notice });
  const resumeKeeper = createResumeKeeper(site.resumeStore);
  const surface = createSurfaceRules({
    site,
    store,
    media,
    room,
    skin,
    after: timers.after,
    save: (isOpenedByShopper) => {
      const kept = { token: session.current?.token ?? site.resume?.token ?? null, bitsPerSec: media.playback()?.bitsPerSec ?? null };
      resumeKeeper.keep(resumeRecordOf(state(), kept, isOpenedByShopper, Date.now()));
    },
  });
  const starter = createSessionStarter({
    session,
    after: timers.after,
    onFailed: (problem) => {
      store.dispatch({ type: 'session_failed' });
      report(problem);
      showNotice(site.root, state().settings.locale, problem);
    },
    onStarted: () => hideNotice(site.root),
  });

  const stopMemory = site.hub.listen(({ kind }) => {
    if (kind === 'consent') memory.keep(showId, session.current?.token ?? null, site.hub.consent.functional);
  });
  const stopTelling = store.watch((now, before) => {
    tellStateChange(now, before, emit, reporter.report);
    announcements.follow(now, before);
    surface.follow(now, before);
    if (now.room !== before.room || now.surface !== before.surface) {
      const replay = now.surface !== 'closed' && isReplay(now.room) ? now.room.replay : null;
      chapters.follow(replay?.chaptersUrl ?? null, String(replay?.durationMs));
      storyboard.follow(replay?.storyboardUrl ?? null, String(replay?.durationMs));
    }
    if (now.room !== before.room || now.surface !== before.surface || now.video.programMs !== before.video.programMs)
      said.follow(now.surface !== 'closed' && isLookingBack(now.room) ? pictureAddress(now.room) : null, now.video.programMs);
    shop.follow(now, before);
  });
  const stopDrawing = store.draw((now, before) => {
    skin.draw(now, before);
    impressions.recheck();
  });
  timers.every(1_000, () => store.dispatch({ type: 'time_passed', nowMs: nowMs() }));

  /** Puts the player in words; again whenever the locale changes. */
  const dress = async (tag: string) => {
    const messages = await loadMessages(tag);
    const locale = safeLocale(tag);
    translate = createTranslate(messages, locale);
    skin.dress({
      context: { t: translate, locale, ask, watchImpression: impressions.watch },
      isRightToLeft: isRightToLeft(tag),
      state,
      canChangeBag: () => site.hub.handlers.updateItem !== undefined,
    });
  };

  const handle = createPlayerHandle({ state, ask: ask, media, dispatch: store.dispatch, site, shop, destroy: () => site.host.remove() });
  if (site.resume) resumeKeeper.takeOver();
  void dress(site.settings.locale);
  emit('player.ready', { version: __INSP_VERSION__, missingHandlers: shop.missingHandlers() });
  surface.begin();
  starter.start();
  watchStart({ state, session, isVisible: () => !document.hidden, random: Math.random, after: timers.after });
  shop.begin();
  const onPageHide = () => {
    surface.saveNow();
    reporter.handOver();
  };
  // A phone may end a page it has put away without another word.
  const onHidden = () => document.hidden && reporter.handOver();
  window.addEventListener('pagehide', onPageHide);
  document.addEventListener('visibilitychange', onHidden);

  return {
    handle,
    changeSettings(settings) {
      const before = state().settings;
      store.dispatch({ type: 'settings_changed', settings });
      if (settings.locale !== before.locale) void dress(settings.locale);
      if (settings.locale !== before.locale || settings.currency !== before.currency) shop.askForProducts();
    },
    unmount() {
      stopTelling();
      stopMemory();
      stopDrawing();
      window.removeEventListener('pagehide', onPageHide);
      document.removeEventListener('visibilitychange', onHidden);
      reporter.handOver();
      media.destroy();
      chapters.stop();
      storyboard.stop();
      room.leave();
      shop.end();
      impressions.stop();
      reactions.stop();
      reporter.stop();
      timers.stopAll();
      skin.remove();
    },
  };
}
