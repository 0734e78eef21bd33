// The HTTP routes of all modules but accounts, in one place for the app and for the API reference.
import type { Clock } from '../kernel/clock.ts';
import { type AutoEnd, autoEndRoutes } from '../modules/auto-end/index.ts';
import { captureRoutes, type PlayerReports, playerEventRoutes, type Rejects } from '../modules/capture/index.ts';
import { type Catalog, catalogRoutes } from '../modules/catalog/index.ts';
import { type Media, streamHealthRoutes } from '../modules/media/index.ts';
import { type Orders, ordersRoutes } from '../modules/orders/index.ts';
import { type RoomPages, roomPageRoutes } from '../modules/realtime/index.ts';
import { type Recordings, recordingsRoutes } from '../modules/recordings/index.ts';
import { type Reports, reportRoutes } from '../modules/reports/index.ts';
import { type Restream, restreamRoutes } from '../modules/restream/index.ts';
import { type Shows, showsRoutes } from '../modules/shows/index.ts';
import { type Viewers, viewersRoutes } from '../modules/viewers/index.ts';
import type { HttpServer } from '../platform/http/index.ts';

export type ModuleRoutes = {
  catalog: Catalog;
  shows: Shows;
  viewers: Viewers;
  orders: Orders;
  reports: Reports;
  roomPages: RoomPages;
  restream: Restream;
  media?: Media;
  recordings: Recordings;
  autoEnd: AutoEnd;
  playerReports: PlayerReports;
  clock: Clock;
  /** Where an export reads. */
  exportSource: Parameters<typeof captureRoutes>[0]['source'];
  rejects: Rejects;
};

export function addModuleRoutes(http: HttpServer, modules: ModuleRoutes): void {
  const { catalog, shows, viewers, orders, reports, roomPages, restream, media, autoEnd, recordings } = modules;
  const { playerReports, clock, exportSource, rejects } = modules;
  catalogRoutes({ catalog, nowMs: clock.nowMs })(http);
  showsRoutes({ shows })(http);
  restreamRoutes({ restream })(http);
  viewersRoutes({ viewers })(http);
  ordersRoutes({ orders })(http);
  reportRoutes(reports)(http);
  const isShowOf = async (orgId: string, showId: string) => (await shows.read(orgId, showId)).ok;
  captureRoutes({ source: exportSource, rejects, clock, isShowOf })(http);
  playerEventRoutes({ playerReports, verifySession: (token, origin) => viewers.verifySession(token, origin) })(http);
  roomPageRoutes({ pages: roomPages })(http);
  recordingsRoutes({ recordings })(http);
  streamHealthRoutes({ report: (showId) => (media as Media).healthReport(showId), isShowOf })(http);
  autoEndRoutes({ autoEnd, isShowOf })(http);
  // Absent for the API reference: where video files are is said by the playlist.
  media?.routes(http);
}
