import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { CLOCK_SKEW_SEC, MAX_TOKEN_LIFE_SEC, verifyShopToken } from './shop-token.ts';

const SECRET = 'the viewer secret of the shop, as shown';
const NOW_MS = 1_790_000_000_000;
const nowSec = NOW_MS / 1000;

type Change = { claims?: Record<string, unknown>; header?: Record<string, unknown>; secret?: string };
const sign = ({ claims = {}, header = {}, secret = SECRET }: Change = {}) =>
  new SignJWT({ iss: 'shop', aud: 'insp', sub: 'customer-17', iat: nowSec, exp: nowSec + 600, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
    .sign(new TextEncoder().encode(secret));
const verify = (token: string, secrets = [SECRET]) => verifyShopToken(token, secrets, NOW_MS);
const detailOf = async (token: string, secrets?: string[]) => {
  const outcome = await verify(token, secrets);
  return outcome.ok ? 'ok' : `${outcome.code} ${outcome.detail}`;
};

describe('[6.3] the token of the shop', () => {
  test('is read with what it says', async () => {
    expect(await verify(await sign({ claims: { name: 'Mara', simulated: true, tier: 'gold' } }))).toMatchObject({
      ok: true,
      value: { sub: 'customer-17', name: 'Mara', simulated: true },
    });
  });

  test('is accepted under the secret in force and its forerunner, under no other', async () => {
    const token = await sign({ secret: 'the old one' });
    expect(await detailOf(token, [SECRET, 'the old one'])).toBe('ok');
    expect(await detailOf(token)).toMatch(/^INSP_EMBED_VIEWER_TOKEN_INVALID .*signature/);
    expect(await detailOf(token, [])).toMatch(/signature/);
  });

  test('lives one hour at most, to the second', async () => {
    expect(await detailOf(await sign({ claims: { exp: nowSec + MAX_TOKEN_LIFE_SEC } }))).toBe('ok');
    expect(await detailOf(await sign({ claims: { exp: nowSec + MAX_TOKEN_LIFE_SEC + 1 } }))).toMatch(/one hour/);
  });

  test('may be off by a minute of clock, to the second', async () => {
    const old = (lateSec: number) => sign({ claims: { iat: nowSec - 700, exp: nowSec - lateSec } });
    expect(await detailOf(await old(CLOCK_SKEW_SEC - 1))).toBe('ok');
    expect(await detailOf(await old(CLOCK_SKEW_SEC))).toMatch(/expired/);
    const early = (aheadSec: number) => sign({ claims: { iat: nowSec + aheadSec, exp: nowSec + 600 } });
    expect(await detailOf(await early(CLOCK_SKEW_SEC))).toBe('ok');
    expect(await detailOf(await early(CLOCK_SKEW_SEC + 1))).toMatch(/future/);
  });

  test('names its audience and its times', async () => {
    expect(await detailOf(await sign({ claims: { aud: 'other' } }))).toMatch(/claim aud/);
    expect(await detailOf(await sign({ claims: { iat: undefined } }))).toMatch(/claim iat/);
    expect(await detailOf(await sign({ claims: { exp: undefined } }))).toMatch(/claim exp/);
    expect(await detailOf(await sign({ claims: { sub: '' } }))).toMatch(/claim sub/);
  });

  test('brings no key and chooses no algorithm', async () => {
    for (const name of ['jku', 'x5u', 'x5c'])
      expect(await detailOf(await sign({ header: { [name]: 'https://evil.example' } }))).toMatch(/bring a key/);
    expect(await detailOf(await sign({ header: { jwk: { kty: 'oct', k: 'AA' } } }))).toMatch(/bring a key/);
    const hs512 = new SignJWT({ aud: 'insp', iat: nowSec, exp: nowSec + 60, iss: 's' }).setProtectedHeader({ alg: 'HS512' });
    expect(await detailOf(await hs512.sign(new TextEncoder().encode(SECRET.repeat(3))))).toMatch(/HS256/);
    const body = Buffer.from(JSON.stringify({ iss: 's', aud: 'insp', iat: nowSec, exp: nowSec + 60 })).toString('base64url');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    expect(await detailOf(none)).toMatch(/HS256/);
  });

  test('is refused when it is changed or no token at all', async () => {
    const [header, , signature] = (await sign()).split('.');
    const forged = Buffer.from(JSON.stringify({ iss: 's', aud: 'insp', sub: 'somebody else', iat: nowSec, exp: nowSec + 60 })).toString(
      'base64url',
    );
    expect(await detailOf(`${header}.${forged}.${signature}`)).toMatch(/signature/);
    for (const nonsense of ['', 'a', 'a.b.c', 'é.é.é']) expect(await detailOf(nonsense)).toMatch(/INSP_EMBED_VIEWER_TOKEN_INVALID/);
  });
});
