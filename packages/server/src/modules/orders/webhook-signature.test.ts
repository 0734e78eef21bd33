import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { TIMESTAMP_WINDOW_MS, verifyWebhook } from './webhook-signature.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const NOW_MS = 1_790_000_000_000;
const BODY = Buffer.from('{ "a": "ü" }');

function headers(more: { id?: string; atMs?: number; secret?: string; signature?: string } = {}) {
  const { id = 'wh_1', atMs = NOW_MS, secret = SECRET } = more;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(atMs / 1000),
    'webhook-signature': more.signature ?? new Webhook(secret).sign(id, new Date(atMs), BODY),
  };
}
const codeOf = (told: Record<string, string | undefined>, secrets = [SECRET], body = BODY) => {
  const outcome = verifyWebhook(body, told, secrets, NOW_MS);
  return outcome.ok ? outcome.value : outcome.code;
};

test('[ORD1] a signature over id, time and raw body opens', () => {
  expect(codeOf(headers())).toBe('wh_1');
  expect(codeOf(headers(), [OTHER, SECRET])).toBe('wh_1');
  const both = `${headers({ secret: OTHER })['webhook-signature']} v1a,x ${headers()['webhook-signature']}`;
  expect(codeOf(headers({ signature: both }))).toBe('wh_1');
});

test('[ORD1] the published example of Standard Webhooks verifies', () => {
  const told = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const verdict = verifyWebhook(Buffer.from('{"test": 2432232314}'), told, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], 1_614_265_330_000);
  expect(verdict).toEqual({ ok: true, value: 'msg_p5jXN8AQM9LWM0D4loKWxJek' });
});

test('[ORD1] anything changed is refused', () => {
  const refusedCode = 'INSP_ORDERS_SIGNATURE_INVALID';
  expect(codeOf(headers(), [OTHER])).toBe(refusedCode);
  expect(codeOf(headers(), [])).toBe(refusedCode);
  expect(codeOf(headers(), [SECRET], Buffer.from('{ "a": "u" }'))).toBe(refusedCode);
  expect(codeOf({ ...headers(), 'webhook-id': 'wh_2' })).toBe(refusedCode);
  expect(codeOf({ ...headers(), 'webhook-timestamp': String(NOW_MS / 1000 + 1) })).toBe(refusedCode);
  expect(codeOf({ ...headers(), 'webhook-timestamp': `${NOW_MS / 1000}.5` })).toBe(refusedCode);
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
    expect(codeOf({ ...headers(), [name]: undefined })).toBe(refusedCode);
  for (const signature of ['', 'v1,', 'v1', 'v2,AAAA', ' ']) expect(codeOf(headers({ signature }))).toBe(refusedCode);
  expect(codeOf(headers({ id: 'x'.repeat(200) }))).toBe('x'.repeat(200));
  expect(codeOf(headers({ id: 'x'.repeat(201) }))).toBe(refusedCode);
});

test('[ORD1] five minutes on both sides of our clock are the window', () => {
  for (const side of [-1, 1]) {
    expect(codeOf(headers({ atMs: NOW_MS + side * TIMESTAMP_WINDOW_MS }))).toBe('wh_1');
    expect(codeOf(headers({ atMs: NOW_MS + side * (TIMESTAMP_WINDOW_MS + 1_000) }))).toBe('INSP_ORDERS_TIMESTAMP_OUT_OF_WINDOW');
  }
});
