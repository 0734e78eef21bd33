// How somebody becomes a viewer: the page must belong to the shop, the shop may vouch for who is signed in, everybody
// else gets a random id that a token keeps alive. Members get a session of the same kind, with their role.
import type { CustomerId, PublicShow, Role, ShowId, ViewerId, ViewerSession, ViewerTokenClaims } from '@insp/protocol';
import { OPEN_ROOM_STATES, ROOM_PASS } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { cleanDisplayName, createGuestName } from './display-name.ts';
import type { ViewersPorts } from './ports.ts';
import { customerIdOf, viewerIdOfCustomer, viewerIdOfMember } from './pseudonym.ts';
import { onItsPage } from './session-page.ts';
import { IDENTITY_GRACE_MS, readSession, SESSION_TTL_MS, signSession, type VerifiedSession } from './session-token.ts';
import { verifyShopToken } from './shop-token.ts';
import { countShows, readChosenNames, saveAttendance, saveChosenName, saveSeen } from './viewer-store.postgres.ts';

/** New strangers one address may bring: a burst for a shared office or mobile network, then a steady trickle. */
const STRANGERS_PER_SEC = 2;
const STRANGERS_BURST = 200;

export type ViewersDeps = {
  database: Database;
  clock: Clock;
  ids: Ids;
  ports: ViewersPorts;
  publicUrl: string;
  /** 32 bytes: `deriveKey('viewer-sessions')` of the server secret. */
  sessionKey: Uint8Array;
};

export type StartSession = {
  showId: ShowId;
  viewerToken?: string | undefined;
  previousToken?: string | undefined;
  source: string;
  device: string;
};
export type Visit = { origin: string | null; address: string };
export type ConsoleSession = { token: string; expiresAt: number; socketUrl: string; viewerId: ViewerId };
export type Viewers = ReturnType<typeof createViewers>;

type Identity = { viewerId: ViewerId; customerId: CustomerId | null; name: string; isSimulated: boolean };

export function createViewers({ database, clock, ids, ports, publicUrl, sessionKey }: ViewersDeps) {
  const ownOrigin = new URL(publicUrl).origin;
  const strangers = createRateLimiter(STRANGERS_PER_SEC, STRANGERS_BURST);
  const loads = new Map<ShowId, Promise<Outcome<PublicShow>>>();

  /** Those who come in while a show is being read wait for that one read: a storm of joins costs few. */
  function loadShow(showId: ShowId): Promise<Outcome<PublicShow>> {
    const underWay = loads.get(showId);
    if (underWay !== undefined) return underWay;
    const load = ports.publicShow(showId, { isStaff: false }).finally(() => loads.delete(showId));
    loads.set(showId, load);
    return load;
  }

  /** Exact comparison. A visit without an origin is no browser: only a token of the shop lets it in. */
  async function checkOrigin(orgId: string, origin: string | null, hasShopToken: boolean): Promise<Outcome<null>> {
    const allowed = await ports.storeOrigins(orgId);
    if (allowed === null) return refused('INSP_SHOWS_NOT_FOUND');
    if (origin === null && hasShopToken) return accepted(null);
    if (origin !== null && (origin === ownOrigin || allowed.includes(origin))) return accepted(null);
    return refused('INSP_EMBED_ORIGIN_BLOCKED', {
      detail: origin === null ? 'No Origin header was sent.' : `${origin} is not a store origin.`,
    });
  }

  async function identify(orgId: string, start: StartSession, claims: ViewerTokenClaims | null, visit: Visit): Promise<Outcome<Identity>> {
    const named = claims?.name === undefined ? null : cleanDisplayName(claims.name);
    if (claims?.sub !== undefined) {
      const key = await ports.viewerIdKey(orgId);
      const viewerId = viewerIdOfCustomer(key, claims.sub);
      const name = named ?? createGuestName(viewerId);
      return accepted({ viewerId, customerId: customerIdOf(key, claims.sub), name, isSimulated: claims.simulated === true });
    }
    const previous =
      start.previousToken === undefined ? null : await readSession(start.previousToken, sessionKey, clock.nowMs(), IDENTITY_GRACE_MS);
    const isSamePerson =
      previous?.ok && previous.value.orgId === orgId && previous.value.role === 'viewer' && previous.value.customerId === null;
    if (!isSamePerson && claims === null) {
      const retryAfterMs = strangers.take(visit.address, clock.nowMs());
      if (retryAfterMs > 0) return refused('INSP_HTTP_TOO_MANY_REQUESTS', { retryAfterMs });
    }
    const viewerId = isSamePerson ? previous.value.viewerId : ids.create('vwr');
    const isSimulated = claims?.simulated === true || (isSamePerson === true && previous.value.isSimulated);
    return accepted({ viewerId, customerId: null, name: named ?? createGuestName(viewerId), isSimulated });
  }

  const socketUrlOf = (showId: ShowId) => `${publicUrl.replace(/^http/, 'ws').replace(/\/$/, '')}/v1/rooms/${showId}/socket`;

  return {
    /** A plug-in or a bot comes in. */
    async startSession(start: StartSession, visit: Visit): Promise<Outcome<ViewerSession>> {
      const found = await loadShow(start.showId);
      if (!found.ok) return found;
      const show = found.value;
      const { orgId } = show;
      const origin = await checkOrigin(orgId, visit.origin, start.viewerToken !== undefined);
      if (!origin.ok) return origin;
      let claims: ViewerTokenClaims | null = null;
      if (start.viewerToken !== undefined) {
        const verified = await verifyShopToken(start.viewerToken, await ports.viewerTokenSecrets(orgId), clock.nowMs());
        if (!verified.ok) return verified;
        claims = verified.value;
      }
      const identity = await identify(orgId, start, claims, visit);
      if (!identity.ok) return identity;

      const nowMs = clock.nowMs();
      const { viewerId, customerId, isSimulated } = identity.value;
      const seen = await saveSeen(database, { orgId, ...identity.value, nowMs }, show.id);
      if (OPEN_ROOM_STATES.includes(show.state))
        await saveAttendance(database, { orgId, showId: show.id, viewerId, source: start.source, nowMs });
      const session: VerifiedSession = {
        ...{ sessionId: ids.create('ses'), viewerId, orgId, showId: show.id, role: 'viewer', customerId, memberId: null, isSimulated },
        ...{ displayName: seen.name, isReturning: seen.isReturning, source: start.source, device: start.device, origin: visit.origin },
        expiresAtMs: nowMs + SESSION_TTL_MS,
      };
      const token = await signSession(session, sessionKey, nowMs);
      const socketUrl = socketUrlOf(show.id);
      return accepted({ token, expiresAt: session.expiresAtMs, viewerId, displayName: seen.name, isSimulated, socketUrl, show });
    },

    /** A member enters the room of an own show from the console. */
    async startConsoleSession(
      member: { id: string; name: string; orgId: string; role: Role },
      showId: ShowId,
      origin: string | null,
    ): Promise<Outcome<ConsoleSession>> {
      const show = await ports.publicShow(showId, { isStaff: true });
      if (!show.ok) return show;
      if (show.value.orgId !== member.orgId) return refused('INSP_SHOWS_NOT_FOUND');
      const nowMs = clock.nowMs();
      const viewerId = viewerIdOfMember(await ports.viewerIdKey(member.orgId), member.id);
      const displayName = cleanDisplayName(member.name) ?? createGuestName(viewerId);
      const session: VerifiedSession = {
        ...{
          sessionId: ids.create('ses'),
          viewerId,
          orgId: member.orgId,
          showId,
          role: member.role,
          customerId: null,
          memberId: member.id,
        },
        ...{ isSimulated: false, displayName, isReturning: false, source: 'console', device: 'desktop', origin },
        expiresAtMs: nowMs + SESSION_TTL_MS,
      };
      const token = await signSession(session, sessionKey, nowMs);
      return accepted({ token, expiresAt: session.expiresAtMs, socketUrl: `${socketUrlOf(showId)}?${ROOM_PASS}=staff`, viewerId });
    },

    /** Who a session token speaks for, on the page of that origin. Asks no database. */
    async verifySession(token: string, origin: string | null): Promise<Outcome<VerifiedSession>> {
      const read = await readSession(token, sessionKey, clock.nowMs());
      return read.ok ? onItsPage(read.value, origin) : read;
    },

    chosenNames: (orgId: string, viewerIds: readonly ViewerId[]) => readChosenNames(database, orgId, viewerIds),

    /** Keeps the name a viewer chose in the chat for the next visit. */
    rename: (orgId: string, viewerId: ViewerId, name: string) => saveChosenName(database, orgId, viewerId, name),

    /** Pseudonym of the shop's customer id, for orders. */
    customerIdOf: async (orgId: string, customerRef: string): Promise<CustomerId> =>
      customerIdOf(await ports.viewerIdKey(orgId), customerRef),

    /** Shows each viewer came to, this one included. */
    showsAttended: (orgId: string, viewerIds: readonly ViewerId[]) => countShows(database.read, orgId, viewerIds),
  };
}
