import type { Replay, UpdateReplay } from '@insp/protocol';
import { call } from './http.ts';

const at = (showId: string, rest = '') => `/v1/shows/${encodeURIComponent(showId)}/replay${rest}`;

export const readReplay = (showId: string) => call<Replay>('GET', at(showId));
export const updateReplay = (showId: string, change: UpdateReplay) => call<Replay>('PATCH', at(showId), change);
export const removeReplay = (showId: string) => call<unknown>('DELETE', at(showId));
export const makeReplayFile = (showId: string) => call<Replay>('POST', at(showId, '/file'), {});
