// Shoppers as browsers make them: a viewer session, a show token for the click, the shop's own cart and checkout.
import { randomUUID } from 'node:crypto';
import type { HighlightId, ProductId, ShowTokenAnswer, ViewerSession } from '@insp/protocol';
import { SignJWT } from 'jose';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

const RETRY_MS = 200;
const PATIENCE_MS = 120_000;
/** As many as a burst of clicks has: one connection each. */
const dispatcher = new Agent({ connections: 400, pipelining: 1 });

export type Shopper = { session: ViewerSession; showToken: string };
export type Bought = { ok: true; orderRef: string; itemsMinor: number } | { ok: false; reason: string; message: string };

async function postJson<T>(url: string, body: unknown, headers: Record<string, string>): Promise<T> {
  const init: RequestInit = {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** What it takes to come in: addresses, and the secret the shop signs its customers with. */
export type Door = { at: { url: string }; shop: { url: string }; secrets: { viewerSecret: string }; showId: string };

/** A customer of the shop who watches the show. */
export async function joinShow(system: Door, name: string): Promise<ViewerSession> {
  const viewerToken = await new SignJWT({ name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(name.toLowerCase().replaceAll(' ', '-'))
    .setIssuer(system.shop.url)
    .setAudience('insp')
    .setIssuedAt()
    .setExpirationTime('30m')
    .sign(new TextEncoder().encode(system.secrets.viewerSecret));
  const origin = system.shop.url;
  return postJson<ViewerSession>(`${system.at.url}/v1/viewer-sessions`, { showId: system.showId, viewerToken }, { origin });
}

/** ... and has tapped the product on display. */
export async function createShopper(
  system: Door,
  name: string,
  tapped: { productId: ProductId; highlightId: HighlightId },
): Promise<Shopper> {
  const session = await joinShow(system, name);
  const headers = { origin: system.shop.url, authorization: `Bearer ${session.token}` };
  const { showToken } = await postJson<ShowTokenAnswer>(`${system.at.url}/v1/show-tokens`, tapped, headers);
  return { session, showToken };
}

/** Add to cart and buy, with the patience of a browser that sends the same request again when it gets no answer. */
export async function buy(shopUrl: string, line: { sku: string; showToken: string; coupon: string | null }, name: string): Promise<Bought> {
  const requestId = randomUUID();
  const key = randomUUID();
  let cookie = '';
  const send = async (path: string, body: unknown): Promise<Response> => {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const headers = { 'content-type': 'application/json', ...(cookie !== '' && { cookie }) };
        return await fetch(shopUrl + path, {
          method: 'POST',
          dispatcher,
          headers,
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(20_000),
        });
      } catch (cause) {
        if (performance.now() > endMs) throw cause;
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  };
  const added = await send('/api/cart/lines', { ...line, quantity: 1, requestId });
  cookie = added.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const bag = (await added.json()) as { ok: true } | { ok: false; reason: string; message: string };
  if (!bag.ok) return bag;
  const ordered = await send('/api/orders', { key, name, email: 'buyer@example.com' });
  const answer = (await ordered.json()) as
    | { ok: true; order: { orderRef: string; itemsMinor: number } }
    | { ok: false; reason: string; message: string };
  return answer.ok ? { ok: true, ...answer.order } : answer;
}
