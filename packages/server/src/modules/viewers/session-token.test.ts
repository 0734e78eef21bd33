import { ROLES } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IDENTITY_GRACE_MS, readSession, SESSION_TTL_MS, signSession, type VerifiedSession } from './session-token.ts';

const KEY = new Uint8Array(32).fill(7);
const NOW_MS = 1_790_000_000_000;
const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const arbitrary: fc.Arbitrary<VerifiedSession> = fc.record({
  sessionId: hex.map((text) => `ses_${text}` as const),
  viewerId: hex.map((text) => `vwr_${text}` as const),
  showId: hex.map((text) => `shw_${text}` as const),
  orgId: fc.string({ minLength: 1, maxLength: 64 }),
  role: fc.constantFrom('viewer' as const, ...ROLES),
  displayName: fc.string(),
  customerId: fc.option(hex.map((text) => `cus_${text}` as const)),
  memberId: fc.option(fc.string()),
  isSimulated: fc.boolean(),
  isReturning: fc.boolean(),
  source: fc.string(),
  device: fc.string(),
  origin: fc.option(fc.string()),
  expiresAtMs: fc.constant(NOW_MS + SESSION_TTL_MS),
});

test('a session token says on reading what was put in', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (session) => {
      expect(await readSession(await signSession(session, KEY, NOW_MS), KEY, NOW_MS)).toEqual({ ok: true, value: session });
    }),
    { numRuns: 200 },
  );
});

test('it opens for 15 minutes, tells who somebody was for a day more, and is worth nothing under another key', async () => {
  const [session] = fc.sample(arbitrary, 1);
  const token = await signSession(session!, KEY, NOW_MS);
  const codeAt = async (ms: number, graceMs = 0) => {
    const outcome = await readSession(token, KEY, NOW_MS + ms, graceMs);
    return outcome.ok ? 'ok' : outcome.code;
  };
  expect(await codeAt(SESSION_TTL_MS - 1_000)).toBe('ok');
  expect(await codeAt(SESSION_TTL_MS)).toBe('INSP_EMBED_SESSION_EXPIRED');
  expect(await codeAt(SESSION_TTL_MS + IDENTITY_GRACE_MS - 1_000, IDENTITY_GRACE_MS)).toBe('ok');
  expect(await codeAt(SESSION_TTL_MS + IDENTITY_GRACE_MS, IDENTITY_GRACE_MS)).toBe('INSP_EMBED_SESSION_EXPIRED');
  expect(await readSession(token, new Uint8Array(32), NOW_MS)).toMatchObject({ code: 'INSP_EMBED_SESSION_INVALID' });
  for (const bad of ['', 'x', `${token}x`])
    expect(await readSession(bad, KEY, NOW_MS)).toMatchObject({ code: 'INSP_EMBED_SESSION_INVALID' });
});
