// The composition root: every part is made here, once, and this is the only file that knows them all. It reads as a
// table of contents: storage, modules, who listens to what, routes, the order of start and stop.
//
// A part that needs another which is made later gets a function that is called later (`() => realtime`).
import { join } from 'node:path';
import { type LiveKpis, OPEN_ROOM_STATES, type ShedLevel, type ShowId } from '@insp/protocol';
import type { Config } from './config/index.ts';
import { AppError } from './kernel/app-error.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { createEventBus } from './kernel/event-bus.ts';
import { createIds } from './kernel/ids.ts';
import type { Logger } from './kernel/logger.ts';
import { type Random, systemRandom } from './kernel/random.ts';
import { createSeal } from './kernel/seal.ts';
import type { Service } from './kernel/service.ts';
import { type Accounts, createAccounts } from './modules/accounts/index.ts';
import { createAggregates, createLiveFigures, type StoredKpis, setAside } from './modules/aggregates/index.ts';
import { autoEndHandlers, createAutoEnd } from './modules/auto-end/index.ts';
import {
  type Capture,
  captureSocketHandlers,
  createCapture,
  createExportSource,
  createLogKeeper,
  newFact as createNewFact,
  createPlayerReports,
  createRejectKeeper,
  createRejects,
  purgeRejects,
} from './modules/capture/index.ts';
import { type Catalog, createCatalog, createFeedClient } from './modules/catalog/index.ts';
import { type Chat, chatSocketHandlers, createChat } from './modules/chat/index.ts';
import { copilotHandlers, createCopilot } from './modules/copilot/index.ts';
import { createInsights } from './modules/insights/index.ts';
import {
  createFfmpegWatch,
  createLatestStills,
  createLocalLauncher,
  createMedia,
  createPictureWatch,
  createTranscoder,
  type Media,
  parseLadder,
} from './modules/media/index.ts';
import { createOrders } from './modules/orders/index.ts';
import { createMachine, createPressure, parseThresholds, pressureRoutes, SHED_RULES } from './modules/pressure/index.ts';
import { createRealtime, createRoomPages, type Realtime } from './modules/realtime/index.ts';
import { createRecordings, type Recordings } from './modules/recordings/index.ts';
import { createReports } from './modules/reports/index.ts';
import { createOpenLine, createReadAddress, createRestream, type Restream } from './modules/restream/index.ts';
import { createShows, type Shows } from './modules/shows/index.ts';
import { createViewers } from './modules/viewers/index.ts';
import { findFreePort } from './platform/free-port.ts';
import { createHttpServer, type HttpServer } from './platform/http/index.ts';
import { serveConsole, serveEmbed } from './platform/http/static-files.ts';
import { createDialStream, parseOutboundPolicy } from './platform/outbound/index.ts';
import { parseServerRoles, type ServerRole } from './roles.ts';
import { openStorage, type Storage } from './storage.ts';
import { createAutoEndPorts, tellHostActs } from './wiring/auto-end-ports.ts';
import { createChatPorts } from './wiring/chat-ports.ts';
import { connectFigures } from './wiring/figures-signals.ts';
import { healthRoutes } from './wiring/health.http.ts';
import { chatLineOf, createCopilotPorts, createInsightsPorts, type PanelSources } from './wiring/insights-ports.ts';
import { withRecordingNote } from './wiring/recording-note.ts';
import { createReportPorts } from './wiring/report-ports.ts';
import { createRoomSnapshot } from './wiring/room-snapshot.ts';
import { createRoomViews } from './wiring/room-views.ts';
import { addModuleRoutes } from './wiring/routes.ts';
import { createTranscoderReadings } from './wiring/transcoder-readings.ts';
import { createViewerSides } from './wiring/viewer-side.ts';

export type AppDeps = {
  logger: Logger;
  /** Something is lost that cannot be brought back; whoever runs us should stop and start again. */
  onFatal(cause: unknown): void;
  /** Built browser bundles. */
  webFolders?: { console: string; embed: string };
  clock?: Clock;
  random?: Random;
};

export type Addresses = {
  publicUrl: string /** From this machine, whatever stands in front. */;
  localUrl: string;
  consoleUrl: string;
  rtmpUrl: string;
};

export type App = Service & {
  readonly http: HttpServer;
  readonly addresses: Addresses;
  /** For the command line and the demo, which run in this process. */
  readonly accounts: Accounts;
  readonly shows: Shows;
  readonly catalog: Catalog;
  readonly media: Media;
  readonly recordings: Recordings;
};

/** Opens the storage and builds everything; nothing listens before `start`. */
export async function createApp(config: Config, deps: AppDeps): Promise<App> {
  const storage = await openStorage(config, { logger: deps.logger, onLost: deps.onFatal });
  try {
    return await composeApp(config, deps, storage);
  } catch (cause) {
    await storage.close();
    throw cause;
  }
}

async function composeApp(config: Config, deps: AppDeps, storage: Storage): Promise<App> {
  const { logger, clock = systemClock, random = systemRandom } = deps;
  const roles = parseServerRoles(config.roles);
  const ids = createIds(clock, random);
  const newFact = createNewFact(ids, clock);

  // addresses
  const httpPort = await takePort(config.httpPort, config.httpHost, 'INSP_HTTP_PORT');
  const rtmpPort = roles.has('media') ? await takePort(config.rtmpPort, config.rtmpHost, 'INSP_RTMP_PORT') : config.rtmpPort;
  const publicUrl = config.publicUrl ?? `http://localhost:${httpPort}`;
  const rtmps = await planRtmps(config, roles.has('media'));
  const ingestHost = config.rtmpPublicHost ?? new URL(publicUrl).hostname;
  const ingestUrl = rtmps === null ? `rtmp://${ingestHost}:${rtmpPort}/live` : `rtmps://${ingestHost}:${rtmps.port}/live`;

  // the log of facts
  const { database, signals } = storage;
  const bus = createEventBus(logger);
  const keepDays = { engage: config.keepEngagementDays || null, chat: config.keepChatDays || null, money: config.keepMoneyDays || null };
  const logKeeper = createLogKeeper({ database, clock, logger, keepDays, setAside });
  const machine = createMachine({ dataDir: config.databaseUrl === null ? config.dataDir : null });
  const pressure = createPressure({
    ...{ sql: database.read, newFact, clock, logger },
    salt: config.deriveKey('sampling').readUInt32LE(),
    forcedLevel: config.shedLevel === 'auto' ? null : (Number(config.shedLevel) as ShedLevel),
    rules: { ...SHED_RULES, thresholds: parseThresholds(config.shedThresholds ?? '') },
    ports: {
      recorder: { commit: (work) => capture.commit(work) },
      queue: () => capture.stats(),
      socketBufferedBytes: () => realtime.stats().bufferedBytes,
      machine: machine.read,
      liveShows: () => shows.openShows(),
    },
  });
  const capture: Capture = createCapture({ database, bus, clock, logger, isRetired: logKeeper.isRetired, admit: pressure.admit });
  const aggregates = createAggregates({ database, clock, logger, onAppended: capture.onAppended });
  const recorder = capture;

  // people, products, shows
  const accounts = createAccounts({
    database,
    clock,
    ids,
    random,
    logger,
    publicUrl,
    registration: config.registration,
    deriveKey: config.deriveKey,
  });
  const fetchFeed = createFeedClient({ allowLoopback: config.allowLocalFeeds });
  const catalog = createCatalog({ database, recorder, newFact, clock, ids, fetchFeed });
  const shows = createShows({
    ...{ database, recorder, newFact, clock, ids, random, logger, publicUrl, ingestUrl },
    streamKeySecret: config.deriveKey('stream-keys'),
    ports: {
      organization: (orgId) => accounts.organizationSettings(orgId),
      products: (orgId, productIds) => catalog.products(orgId, productIds),
      hasPicture: (showId) => media.hasPicture(showId),
      replay: (showId) => recordings.publicReplay(showId),
      startOverUrl: (showId) => recordings.startOverUrl(showId),
      dropEncoder: (showId, source) => media.dropEncoder(showId, source),
      switchSource: (showId, source) => media.switchSource(showId, source),
    },
  });
  const recordings: Recordings = createRecordings({
    ...{ database, clock, logger },
    config: {
      ...{ folder: join(config.dataDir, 'recordings'), publicUrl, ffmpeg: config.ffmpeg },
      ...{ keepDays: config.keepReplayDays, quotaBytes: config.recordingsGigabytes * 1024 ** 3 },
    },
    ports: { show: shows.recorded, onAirSpans: shows.onAirSpans, moments: shows.moments, said: (...span) => chat.saidBetween(...span) },
  });
  const policy = parseOutboundPolicy(config.outboundAllow);
  const restream: Restream = createRestream({
    ...{ database, recorder, newFact, clock, ids, random, logger, shows },
    seal: createSeal(config.deriveKey('restream-keys'), random),
    openLine: createOpenLine({ policy, clock, dial: createDialStream({ policy, clock }) }),
    readAddress: createReadAddress(policy),
  });
  const viewerSides = createViewerSides({ bus, clock, watchingCount: (showId) => realtime.watchingCount(showId) });
  const transcoders = createTranscoderReadings({ clock });
  const stills = createLatestStills();
  const transcoder = createTranscoder({
    launcher: createLocalLauncher({ ffmpeg: config.ffmpeg, clock }),
    ladder: parseLadder(config.mediaLadder),
    threadCount: config.mediaLadderThreads || null,
    listeners: [transcoders.openListener, stills.openListener],
    ...{ clock, logger },
  });
  const pictures = createPictureWatch({
    launcher: createFfmpegWatch({ ffmpeg: config.ffmpeg }),
    level: pressure.level,
    elsewhere: transcoder.picture,
    ...{ clock, logger },
  });
  const media: Media = createMedia({
    config: { rtmpPort, rtmpHost: config.rtmpHost, rtmps, publicUrl, partMs: config.mediaPartMs },
    shows,
    recorder,
    clock,
    ids,
    random,
    logger,
    openTaps: [recordings.openTap, transcoder.openTap, restream.openTap, pictures.openTap, transcoders.openTap, stills.openTap],
    outside: (showId) => ({ picture: pictures.read(showId), transcoder: transcoders.read(showId), viewers: viewerSides.read(showId) }),
    still: stills.read,
  });
  const viewers = createViewers({
    ...{ database, clock, ids, publicUrl },
    sessionKey: config.deriveKey('viewer-sessions'),
    ports: {
      publicShow: shows.publicShow,
      storeOrigins: async (orgId) => (await accounts.organizationSettings(orgId))?.storeOrigins ?? null,
      viewerTokenSecrets: (orgId) => accounts.acceptedSecrets(orgId, 'viewer_token'),
      viewerIdKey: (orgId) => accounts.secret(orgId, 'viewer_id'),
    },
  });
  const orders = createOrders({
    ...{ database, recorder, newFact, clock, ids, logger },
    ports: {
      currencyOf: async (orgId) => (await accounts.organizationSettings(orgId))?.currency ?? null,
      webhookSecrets: (orgId) => accounts.acceptedSecrets(orgId, 'order_webhook'),
      showTokenKeys: (orgId) => accounts.acceptedSecrets(orgId, 'show_token'),
      productIds: catalog.idsOf,
      applyStock: catalog.applyStock,
      customerId: viewers.customerIdOf,
      verifySession: viewers.verifySession,
      endOfShow: shows.endOf,
      isInLineUp: shows.isInLineUp,
      hasHighlight: shows.hasHighlight,
    },
  });

  // chat, figures, panels, cues
  const rooms = createRoomViews({ shows, orders, bus, clock, consistency: database.consistency });
  const chat: Chat = createChat({
    ...{ database, clock, ids, logger, newFact },
    pace: pressure.effects,
    admit: pressure.admitChat,
    ports: createChatPorts({ accounts, rooms, capture, aggregates, viewers, realtime: () => realtime }),
  });
  const { consistency } = database;
  /** The watching count and the sampling are states of this moment; the room and the gate know them. */
  const withMoment = async (showId: ShowId, { totals, ...parts }: StoredKpis): Promise<LiveKpis> => ({
    ...parts,
    sampling: await pressure.samplingOf(showId),
    totals: { ...totals, watchingCount: realtime.watchingCount(showId) },
  });
  const kpis = async (showId: ShowId) => withMoment(showId, await aggregates.liveKpis(showId));
  const panelSources: PanelSources = {
    ...{ accounts, rooms, shows, viewers, orders, capture, chat, clock },
    realtime: () => realtime,
    insights: () => insights,
    autoEnd: () => autoEnd,
  };
  const insights = createInsights({ ports: createInsightsPorts(panelSources), database, recorder, newFact, clock, ids, logger });
  const copilot = createCopilot({ ports: createCopilotPorts(panelSources), accept: capture.accept, newFact, clock, ids, logger });
  const autoEnd = createAutoEnd({
    ...{ sql: database, recorder, newFact, clock, logger },
    ports: createAutoEndPorts({
      ...{ shows, accounts, pictures, logger },
      watchingCount: roles.has('realtime') ? (showId) => realtime.watchingCount(showId) : null,
      realtime: () => realtime,
      copilot: () => copilot,
    }),
  });
  const reports = createReports(createReportPorts({ shows, orders, aggregates, insights, kpis, database, clock }));

  // the room
  const makeSnapshot = createRoomSnapshot({
    ...{ rooms, chat, kpis, insights, copilot, media, pressure, restream },
    autoEnd: () => autoEnd,
    realtime: () => realtime,
  });
  // Shared by all who come in: nobody's own doings may be missing.
  const snapshot: typeof makeSnapshot = (room) => consistency.freshly(() => makeSnapshot(room));
  const playerReports = createPlayerReports({ capture, clock, isInLineUp: rooms.isInLineUp });
  const realtime: Realtime = createRealtime({
    ...{ clock, ids, random, logger, capture },
    pace: pressure.effects,
    verifySession: viewers.verifySession,
    snapshot,
    handlers: {
      ...chatSocketHandlers(chat),
      ...captureSocketHandlers({ playerReports }),
      ...autoEndHandlers({ autoEnd }),
      ...copilotHandlers({
        copilot,
        setAnswered: (by, showId, id, isAnswered) => insights.setAnswered(showId, id, isAnswered, by.memberId),
      }),
    },
  });

  const roomPages = createRoomPages({
    clock,
    takesNewViewers: () => pressure.effects().takesNewViewers,
    async snapshot(showId) {
      const room = await rooms.room(showId);
      if (room === null || !OPEN_ROOM_STATES.includes(room.state)) return null;
      return snapshot({ showId, orgId: room.orgId, role: 'viewer' });
    },
  });

  // who listens to what
  for (const name of ['media.broadcast_started', 'media.encoder_resumed'] as const) {
    bus.on(name, async ({ showId }) => {
      if (showId !== null) await shows.encoderStarted(showId);
    });
  }
  bus.on('media.encoder_lost', async ({ showId, payload }) => {
    if (showId !== null) await shows.encoderLost(showId, payload.cause);
  });
  bus.on('shows.state_changed', ({ showId, payload }) => {
    if (showId && (payload.to === 'ended' || payload.to === 'cancelled')) media.endBroadcast(showId, payload.reason);
  });
  // After the media module: a show that ends closes its last segments first.
  bus.on('shows.state_changed', async ({ showId, payload: { from, to } }) => {
    if (showId !== null) await recordings.showMoved(showId, from, to);
  });
  recordings.onStartOver((showId, startOverUrl) => {
    rooms.drop(showId);
    realtime.publishLatest(showId, 'viewers', 'start_over_offered', { startOverUrl });
  });
  recordings.onReplayChanged((showId, replay) => {
    rooms.drop(showId);
    realtime.publishLatest(showId, 'viewers', 'replay_changed', { replay });
  });
  bus.on('shows.state_changed', ({ showId, payload: { to } }) => {
    if (showId) restream.showStateChanged(showId, to);
  });
  restream.onChanged((showId, targets) => realtime.publishLatest(showId, 'staff', 'restream_changed', { targets }));
  bus.on('shows.state_changed', ({ showId, payload: { from, to } }) => {
    if (showId && OPEN_ROOM_STATES.includes(to) && !OPEN_ROOM_STATES.includes(from)) pressure.showWentLive(showId);
  });
  bus.on('shows.highlight_started', ({ showId, productId, highlightId, occurredAt: startMs }) => {
    if (showId && productId && highlightId) media.markMoment({ showId, productId, highlightId, startMs, endMs: null });
  });
  bus.on('shows.highlight_ended', ({ showId, productId, highlightId, occurredAt: endMs }) => {
    if (showId && productId && highlightId) media.markMoment({ showId, productId, highlightId, startMs: null, endMs });
  });
  pressure.onChanged((status) => realtime.publishLatestToAll('staff', 'pressure_changed', status));
  for (const name of ['orders.line_sold', 'orders.order_placed', 'product.clicked'] as const) bus.on(name, insights.factHappened);
  catalog.onChanged(({ orgId, productIds }) => {
    shows.productsChanged(orgId, productIds).catch((err) => logger.error({ err, orgId }, 'rooms were not told of changed products'));
  });
  shows.onChanged(({ showId, type, data }) => {
    const tell = type === 'products_changed' ? realtime.publishLatest : realtime.publish;
    tell(showId, 'viewers', type, data);
    insights.showChanged(showId);
  });
  media.onHealthChanged((showId, health) => {
    viewerSides.count(showId);
    realtime.publishLatest(showId, 'staff', 'health_changed', withRecordingNote(health, recordings.note(showId)));
  });
  tellHostActs(bus, autoEnd);
  chat.onMessage((archived) => {
    const line = chatLineOf(archived);
    if (line !== null) insights.chatPosted(archived.showId, line);
  });
  realtime.onPresenceChanged(insights.presenceChanged);
  const liveFigures = createLiveFigures({
    ...{ clock, logger },
    isWatched: realtime.hasStaff,
    // What a batch wrote this very moment must be in it.
    read: (showId, rows) => consistency.freshly(() => aggregates.liveKpis(showId, rows)),
    tell: async (showId, figures) => realtime.publishLatest(showId, 'staff', 'kpis_changed', await withMoment(showId, figures)),
  });
  realtime.onPresenceChanged(liveFigures.look);
  connectFigures({ signals, clock, capture, aggregates, liveFigures, isMerging: roles.has('dataflow') });
  insights.onPanelsChanged((showId, panels) => {
    copilot.panelsChanged(showId, panels).catch((err) => logger.error({ err, showId }, 'the copilot failed'));
  });

  // routes
  let isReady = false;
  const http = await createHttpServer({
    logger,
    ids,
    publicUrl,
    guard: accounts.guard,
    consistency,
    trustProxy: config.trustProxy,
    requestsPerMin: config.requestsPerMin,
  });
  healthRoutes({ database, isReady: () => isReady })(http);
  pressureRoutes({ pressure })(http);
  if (roles.has('api')) {
    accounts.routes(http);
    addModuleRoutes(http, {
      ...{ catalog, shows, viewers, orders, reports, roomPages, restream, media, autoEnd, recordings, playerReports, clock },
      exportSource: createExportSource(database),
      rejects: createRejects(database.read),
    });
    if (deps.webFolders !== undefined) {
      await serveConsole(http, deps.webFolders.console);
      await serveEmbed(http, deps.webFolders.embed);
    }
  }

  // start in this order, stop in the other
  const listening: Service = {
    async start() {
      if (roles.has('realtime')) realtime.attach(http.server, { isProxyTrusted: config.trustProxy, consistency });
      await http.listen({ port: httpPort, host: config.httpHost });
    },
    stop: () => http.close(),
  };
  const services: readonly [ServerRole | 'always', string, Service][] = [
    ['always', 'storage', { start: async () => {}, stop: storage.close }],
    ['always', 'signals', signals],
    ['always', 'log keeper', logKeeper],
    ['always', 'capture', capture],
    ['always', 'machine', machine],
    ['always', 'pressure', pressure],
    ['dataflow', 'aggregates', aggregates],
    ['worker', 'rejects', createRejectKeeper({ clock, logger, purge: (nowMs) => purgeRejects(database, nowMs) })],
    ['worker', 'orders', orders],
    ['worker', 'shows', shows],
    ['worker', 'chat', chat],
    ['worker', 'insights', insights],
    // Before the encoders: what a process that died left open is closed first.
    ['media', 'recordings', recordings],
    ['media', 'restream', restream],
    ['media', 'transcoder', transcoder],
    ['media', 'picture watch', { start: async () => {}, stop: async () => pictures.stop() }],
    ['media', 'media', media],
    ['media', 'auto-end', autoEnd],
    ['always', 'http', listening],
    ['realtime', 'realtime', realtime],
  ];
  const started: (typeof services)[number][] = [];

  return {
    ...{ http, accounts, shows, catalog, media, recordings },
    addresses: { publicUrl, localUrl: `http://127.0.0.1:${httpPort}`, consoleUrl: `${publicUrl}/console/`, rtmpUrl: ingestUrl },
    async start() {
      for (const entry of services) {
        const [role, , service] = entry;
        if (role !== 'always' && !roles.has(role)) continue;
        started.push(entry);
        await service.start();
      }
      isReady = true;
    },
    async stop() {
      isReady = false;
      for (const [, name, service] of started.splice(0).reverse()) {
        await service.stop().catch((err: unknown) => logger.error({ err, service: name }, 'a service did not stop properly'));
      }
    },
  };
}

/** Where RTMPS listens, and with what; null without a certificate. */
async function planRtmps(config: Config, isListening: boolean) {
  const { rtmpsHost: host, rtmpsPort, rtmpsCertFile: certFile, rtmpsKeyFile: keyFile } = config;
  if (certFile === null && keyFile === null) return null;
  if (certFile === null || keyFile === null)
    throw new AppError('INSP_CONFIG_INVALID_SETTING', {
      detail: 'INSP_RTMPS_CERT_FILE and INSP_RTMPS_KEY_FILE are given together or not at all.',
    });
  return { port: isListening ? await takePort(rtmpsPort, host, 'INSP_RTMPS_PORT') : rtmpsPort, host, certFile, keyFile };
}

async function takePort(wanted: number, host: string, setting: string): Promise<number> {
  const port = await findFreePort(wanted, host);
  if (port === null)
    throw new AppError('INSP_CONFIG_PORT_TAKEN', { detail: `${host}:${wanted} is in use; choose another with ${setting}.` });
  return port;
}
