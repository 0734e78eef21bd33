import type { RestreamCommand, RestreamPlatform, RestreamTarget } from '@insp/protocol';
import { allPages, call } from './http.ts';

const at = (showId: string, rest = '') => `/v1/shows/${encodeURIComponent(showId)}/restream-targets${rest}`;
const one = (showId: string, targetId: string, rest = '') => at(showId, `/${encodeURIComponent(targetId)}${rest}`);

export type TargetDraft = { name: string; platform: RestreamPlatform; url: string; streamKey: string; isEnabled: boolean };

export const listTargets = (showId: string) => allPages<RestreamTarget>(at(showId));
export const createTarget = (showId: string, draft: TargetDraft) => call<RestreamTarget>('POST', at(showId), draft);
/** An empty key leaves the one that is kept. */
export const updateTarget = (showId: string, targetId: string, { streamKey, ...draft }: TargetDraft) =>
  call<RestreamTarget>('PATCH', one(showId, targetId), streamKey === '' ? draft : { ...draft, streamKey });
export const removeTarget = (showId: string, targetId: string) => call<unknown>('DELETE', one(showId, targetId));
export const commandTarget = (showId: string, targetId: string, command: RestreamCommand) =>
  call<RestreamTarget>('POST', one(showId, targetId, '/commands'), { command });
