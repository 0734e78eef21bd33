// The shop's word on who is signed in (integrations.md 6.3): a JWT made on the shop's server.
//
//   HS256 and nothing else, key = the UTF-8 bytes of the viewer secret as the console shows it
//   aud `insp`, iat and exp present, at most one hour from iat to exp, 60 s of clock skew
//   a header that brings its own key (jku, x5u, jwk, x5c) is refused, whatever it says
import type { ViewerTokenClaims } from '@insp/protocol';
import { viewerTokenClaimsSchema } from '@insp/protocol/schemas';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

export const MAX_TOKEN_LIFE_SEC = 60 * 60;
export const CLOCK_SKEW_SEC = 60;
const KEY_BRINGING_HEADERS = ['jku', 'x5u', 'jwk', 'x5c'];

const no = (detail: string) => refused('INSP_EMBED_VIEWER_TOKEN_INVALID', { detail });

/** Verifies under any of the secrets (the one in force, its forerunner). The refusal says what is wrong, for the shop's developer. */
export async function verifyShopToken(token: string, secrets: readonly string[], nowMs: number): Promise<Outcome<ViewerTokenClaims>> {
  const header = readHeader(token);
  if (header === null) return no('It is not a JWT.');
  if (header.alg !== 'HS256') return no('The algorithm must be HS256.');
  if (KEY_BRINGING_HEADERS.some((name) => name in header)) return no('The header must not bring a key (jku, x5u, jwk, x5c).');
  let reason = 'The signature does not fit the viewer secret.';
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
        algorithms: ['HS256'],
        audience: 'insp',
        clockTolerance: CLOCK_SKEW_SEC,
        currentDate: new Date(nowMs),
        requiredClaims: ['iat', 'exp'],
      });
      return checkClaims(payload, nowMs);
    } catch (cause) {
      const code = (cause as { code?: string }).code;
      if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') continue;
      if (code === 'ERR_JWT_EXPIRED') reason = 'It has expired.';
      else if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') reason = `The claim ${(cause as { claim?: string }).claim} is missing or wrong.`;
      else reason = 'It cannot be read.';
      break;
    }
  }
  return no(reason);
}

function checkClaims(payload: unknown, nowMs: number): Outcome<ViewerTokenClaims> {
  const parsed = viewerTokenClaimsSchema.safeParse(payload);
  if (!parsed.success) return no(`The claim ${parsed.error.issues[0]?.path.join('.')} is missing or wrong.`);
  const { iat, exp } = parsed.data;
  if (exp - iat > MAX_TOKEN_LIFE_SEC) return no('It may live at most one hour from iat to exp.');
  if (iat > nowMs / 1000 + CLOCK_SKEW_SEC) return no('It was issued in the future: check the clock of the shop.');
  return accepted(parsed.data);
}

function readHeader(token: string): Record<string, unknown> | null {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return null;
  }
}
