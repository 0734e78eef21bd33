// Our own token for one viewer or member in one show: HS256 under a key of this installation, 15 minutes. It says all a
// socket needs to know, so coming in asks no database. Past its end it still tells for a day who the holder was (the
// viewer id is kept over a closed tab), and opens nothing.
import { type CustomerId, ROLES, type Role, type SessionId, type ShowId, type ViewerId } from '@insp/protocol';
import { idSchema, orgIdSchema } from '@insp/protocol/schemas';
import { jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

export const SESSION_TTL_MS = 15 * 60_000;
/** How long after its end a token still keeps the viewer id. */
export const IDENTITY_GRACE_MS = 24 * 60 * 60_000;

const ISSUER = 'insp';
const AUDIENCE = 'insp-session';

export type VerifiedSession = {
  readonly sessionId: SessionId;
  readonly viewerId: ViewerId;
  readonly orgId: string;
  readonly showId: ShowId;
  readonly role: 'viewer' | Role;
  readonly displayName: string;
  readonly customerId: CustomerId | null;
  readonly memberId: string | null;
  readonly isSimulated: boolean;
  /** Came to an earlier show of this organization. */
  readonly isReturning: boolean;
  /** Where the viewer came from: `direct`, or the `src` of a link. */
  readonly source: string;
  readonly device: string;
  /** The page the session was given to; null outside browsers. */
  readonly origin: string | null;
  readonly expiresAtMs: number;
};

const claimsSchema = z.object({
  sid: idSchema('ses'),
  vid: idSchema('vwr'),
  org: orgIdSchema,
  show: idSchema('shw'),
  role: z.enum(['viewer', ...ROLES]),
  name: z.string(),
  cus: idSchema('cus').optional(),
  mid: z.string().optional(),
  sim: z.literal(true).optional(),
  ret: z.literal(true).optional(),
  src: z.string(),
  dev: z.string(),
  ori: z.string().optional(),
  exp: z.number(),
});
type Claims = z.infer<typeof claimsSchema>;

export function signSession(session: VerifiedSession, key: Uint8Array, nowMs: number): Promise<string> {
  const claims: Omit<Claims, 'exp'> = {
    sid: session.sessionId,
    vid: session.viewerId,
    org: session.orgId,
    show: session.showId,
    role: session.role,
    name: session.displayName,
    src: session.source,
    dev: session.device,
    ...(session.customerId === null ? {} : { cus: session.customerId }),
    ...(session.memberId === null ? {} : { mid: session.memberId }),
    ...(session.isSimulated ? { sim: true } : {}),
    ...(session.isReturning ? { ret: true } : {}),
    ...(session.origin === null ? {} : { ori: session.origin }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(new Date(nowMs))
    .setExpirationTime(new Date(session.expiresAtMs))
    .sign(key);
}

/** Reads a token back; `graceMs` past its end is forgiven (0 for everything but keeping an identity). */
export async function readSession(token: string, key: Uint8Array, nowMs: number, graceMs = 0): Promise<Outcome<VerifiedSession>> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(nowMs - graceMs),
      requiredClaims: ['exp'],
    });
    return accepted(toSession(claimsSchema.parse(payload)));
  } catch (cause) {
    return refused((cause as { code?: string }).code === 'ERR_JWT_EXPIRED' ? 'INSP_EMBED_SESSION_EXPIRED' : 'INSP_EMBED_SESSION_INVALID');
  }
}

function toSession(claims: Claims): VerifiedSession {
  return {
    sessionId: claims.sid,
    viewerId: claims.vid,
    orgId: claims.org,
    showId: claims.show,
    role: claims.role,
    displayName: claims.name,
    customerId: claims.cus ?? null,
    memberId: claims.mid ?? null,
    isSimulated: claims.sim === true,
    isReturning: claims.ret === true,
    source: claims.src,
    device: claims.dev,
    origin: claims.ori ?? null,
    expiresAtMs: claims.exp * 1000,
  };
}
