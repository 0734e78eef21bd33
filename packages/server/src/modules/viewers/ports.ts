// What viewers needs from the others.
import type { PublicShow, ShowId } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';

export type ViewersPorts = {
  /** The show as the public or as staff may see it (shows). */
  publicShow(showId: ShowId, options: { isStaff: boolean }): Promise<Outcome<PublicShow>>;
  /** Sites that may embed shows of the organization; null = no such organization (accounts). */
  storeOrigins(orgId: string): Promise<readonly string[] | null>;
  /** The viewer secret in force, then its forerunner while a rotation is fresh (accounts: `viewer_token`). */
  viewerTokenSecrets(orgId: string): Promise<readonly string[]>;
  /** The key of the organization's pseudonyms (accounts: `viewer_id`). Never rotated: a new key is a new person. */
  viewerIdKey(orgId: string): Promise<string>;
};
