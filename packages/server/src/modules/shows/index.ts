export type { ShowsPorts } from './ports.ts';
export type { ShowsDeps } from './show-context.ts';
export type { By, ShowChange } from './show-record.ts';
export type { RoomView } from './show-views.ts';
export { showsRoutes } from './shows.http.ts';
export { createShows, type Shows } from './shows.ts';
export type { PublishGrant } from './stream-access.ts';
