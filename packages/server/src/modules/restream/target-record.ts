// A target as it is kept, and what follows from it alone: should it be on air, and why (not)?
import type { RestreamMode, RestreamPlatform, RestreamReason, RestreamTarget, RestreamTargetId, ShowId } from '@insp/protocol';

export type TargetRecord = {
  readonly id: RestreamTargetId;
  readonly orgId: string;
  readonly showId: ShowId;
  readonly name: string;
  readonly platform: RestreamPlatform;
  readonly url: string;
  readonly sealedKey: Buffer;
  readonly streamKeyLastFour: string;
  readonly position: number;
  readonly isEnabled: boolean;
  readonly mode: RestreamMode;
};

/** A shorter key would be half shown by its last four characters. */
const SHOWN_FROM_LENGTH = 12;

export const lastFourOf = (streamKey: string): string => (streamKey.length < SHOWN_FROM_LENGTH ? '' : streamKey.slice(-4));
/** What a sealed key is bound to: a row copied to another organization or target does not open. */
export const boundTo = ({ orgId, id }: Pick<TargetRecord, 'orgId' | 'id'>): string => `${orgId}|restream|${id}`;

export type Wish = { readonly isWanted: boolean; readonly reason: RestreamReason };

/** A person's start and stop come before the plan; the plan follows the show. */
export function wishOf({ mode, isEnabled }: Pick<TargetRecord, 'mode' | 'isEnabled'>, isShowOnAir: boolean): Wish {
  if (mode === 'on') return { isWanted: true, reason: 'started_by_host' };
  if (mode === 'off') return { isWanted: false, reason: 'stopped_by_host' };
  if (!isEnabled) return { isWanted: false, reason: 'not_started' };
  return isShowOnAir ? { isWanted: true, reason: 'show_on_air' } : { isWanted: false, reason: 'waits_for_show' };
}

/** As others may see it: never with its key. */
export function viewOf(record: TargetRecord, status: RestreamTarget['status']): RestreamTarget {
  const { id, showId, name, platform, url, streamKeyLastFour, position, isEnabled, mode } = record;
  return { id, showId, name, platform, url, streamKeyLastFour, position, isEnabled, mode, status };
}
