// How a plug-in (or a bot) becomes a viewer: `POST /v1/viewer-sessions`, answered only to store origins.
import * as z from 'zod';
import { epochMsSchema, idSchema } from './basics.ts';
import { publicShowSchema } from './shows.ts';

export const startViewerSessionSchema = z.strictObject({
  showId: idSchema('shw'),
  /** JWT signed by the shop (integrations.md 6.3): who the signed-in customer is. Absent = anonymous. */
  viewerToken: z.string().max(4_096).optional(),
  /** A session token of ours from the same tab or, with functional consent, the same device: keeps the viewer id. */
  previousToken: z.string().max(4_096).optional(),
  /** Where the shopper came from: `src` of the deep link, or `direct`. */
  source: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/)
    .default('direct'),
  device: z.enum(['phone', 'tablet', 'desktop', 'bot']).default('desktop'),
});

export const viewerSessionSchema = z.strictObject({
  token: z.string(),
  expiresAt: epochMsSchema,
  viewerId: idSchema('vwr'),
  displayName: z.string(),
  isSimulated: z.boolean(),
  socketUrl: z.string(),
  show: publicShowSchema,
});

/** Claims of the shop's JWT. `simulated` marks bots: all they do is marked as simulated in the data. */
export const viewerTokenClaimsSchema = z.object({
  iss: z.string(),
  aud: z.literal('insp'),
  sub: z.string().min(1).max(200).optional(),
  name: z.string().max(60).optional(),
  simulated: z.boolean().optional(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().optional(),
});

/** `POST /v1/show-tokens`, with the session token as bearer: the signed attribution for one add to cart. */
export const mintShowTokenSchema = z.strictObject({ productId: idSchema('prd'), highlightId: idSchema('hlt').nullable() });
export const showTokenSchema = z.strictObject({ showToken: z.string() });

export type StartViewerSession = z.input<typeof startViewerSessionSchema>;
export type ViewerSession = z.infer<typeof viewerSessionSchema>;
export type ViewerTokenClaims = z.infer<typeof viewerTokenClaimsSchema>;
export type MintShowToken = z.infer<typeof mintShowTokenSchema>;
export type ShowTokenAnswer = z.infer<typeof showTokenSchema>;
