import type {
  CreateShow,
  Highlight,
  IngestSource,
  LineUpItem,
  LiveKpis,
  Order,
  ReadinessItem,
  Show,
  ShowCommand,
  ShowReport,
  ShowTransition,
  StreamHealthReport,
  StreamKey,
  UpdateShow,
} from '@insp/protocol';
import { allPages, call } from './http.ts';

const at = (showId: string, rest = '') => `/v1/shows/${encodeURIComponent(showId)}${rest}`;

export type ConsoleSession = { token: string; expiresAt: number; socketUrl: string; viewerId: string };

export const listShows = () => allPages<Show>('/v1/shows');
export const readShow = (showId: string) => call<Show>('GET', at(showId));
export const createShow = (show: Partial<CreateShow> & { title: string }) => call<Show>('POST', '/v1/shows', show);
export const updateShow = (showId: string, version: number, change: UpdateShow) =>
  call<Show>('PATCH', at(showId), change, { 'if-match': String(version) });
export const duplicateShow = (showId: string) => call<Show>('POST', at(showId, '/duplicate'), {});
export const replaceLineUp = (showId: string, version: number, items: LineUpItem[]) =>
  call<Show>('PUT', at(showId, '/line-up'), { items }, { 'if-match': String(version) });
export const commandShow = (showId: string, command: ShowCommand, reason = '') =>
  call<Show>('POST', at(showId, '/commands'), { command, reason });
export const issueStreamKey = (showId: string, source: IngestSource) =>
  call<StreamKey>('POST', at(showId, source === 'primary' ? '/stream-key' : '/backup-stream-key'), {});
export const switchSource = (showId: string, source: IngestSource) => call<unknown>('POST', at(showId, '/ingest-source'), { source });
export const startHighlight = (showId: string, productId: string) => call<Highlight>('POST', at(showId, '/highlights'), { productId });
export const endHighlight = (showId: string, highlightId: string) => call<unknown>('DELETE', at(showId, `/highlights/${highlightId}`));
export const readReadiness = (showId: string) => allPages<ReadinessItem>(at(showId, '/readiness'));
export const readStreamHealth = (showId: string) => call<StreamHealthReport>('GET', at(showId, '/stream-health'));
export const listTransitions = (showId: string) => allPages<ShowTransition>(at(showId, '/transitions'));
export const listOrders = (showId: string) => allPages<Order>(at(showId, '/orders'));
export const readKpis = (showId: string) => call<LiveKpis>('GET', at(showId, '/kpis'));
export const readReport = (showId: string) => call<ShowReport>('GET', at(showId, '/report'));
/** A download of its own: far too much for a fetch to hold. */
export const rawEventsAddress = (showId: string) => at(showId, '/events.ndjson');
export const openConsoleSession = (showId: string) => call<ConsoleSession>('POST', at(showId, '/console-sessions'), {});
