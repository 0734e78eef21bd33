// The signed evidence that a product was put into the cart from a show (integrations.md 2.8). The plug-in gets it at the
// click, the shop passes it through its cart and sends it back with the paid order. No cookie is needed.
//
//   v1.<base64url of the JSON payload>.<base64url of HMAC-SHA256 over "v1.<payload>", key of the organization>
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HighlightId, ProductId, ShowId, ViewerId } from '@insp/protocol';
import { epochMsSchema, idSchema, orgIdSchema } from '@insp/protocol/schemas';
import * as z from 'zod';

const VERSION = 'v1';

export type ShowToken = {
  readonly orgId: string;
  readonly showId: ShowId;
  readonly productId: ProductId;
  readonly highlightId: HighlightId | null;
  readonly viewerId: ViewerId;
  readonly isSimulated: boolean;
  readonly mintedAt: number;
};

const payloadSchema = z.strictObject({
  o: orgIdSchema,
  s: idSchema('shw'),
  p: idSchema('prd'),
  h: idSchema('hlt').optional(),
  v: idSchema('vwr'),
  t: epochMsSchema,
  x: z.literal(1).optional(),
});

const sign = (signed: string, key: string) => createHmac('sha256', key).update(signed).digest();

export function mintShowToken(token: ShowToken, key: string): string {
  const payload: z.infer<typeof payloadSchema> = {
    o: token.orgId,
    s: token.showId,
    p: token.productId,
    ...(token.highlightId === null ? {} : { h: token.highlightId }),
    v: token.viewerId,
    t: token.mintedAt,
    ...(token.isSimulated ? { x: 1 } : {}),
  };
  const signed = `${VERSION}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${signed}.${sign(signed, key).toString('base64url')}`;
}

/** Reads a token that one of the keys of this organization signed; null for everything else. */
export function readShowToken(text: string, orgId: string, keys: readonly string[]): ShowToken | null {
  const [version, payload, signature, ...rest] = text.split('.');
  if (version !== VERSION || payload === undefined || signature === undefined || rest.length > 0) return null;
  const told = Buffer.from(signature, 'base64url');
  // One spelling per signature: base64url is lenient about what comes after the last full byte.
  if (told.toString('base64url') !== signature) return null;
  const isSigned = keys.some((key) => {
    const expected = sign(`${VERSION}.${payload}`, key);
    return told.length === expected.length && timingSafeEqual(told, expected);
  });
  if (!isSigned) return null;
  const parsed = payloadSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!parsed.success || parsed.data.o !== orgId) return null;
  const { s, p, h, v, t, x } = parsed.data;
  return { orgId, showId: s, productId: p, highlightId: h ?? null, viewerId: v, mintedAt: t, isSimulated: x === 1 };
}
