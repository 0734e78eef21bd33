// One shopper in the shop's own pages and API: the same requests a browser makes, with the bag's cookie.
import { type Dispatcher, fetch } from 'undici';

export type ShopAnswer = { ok: true } | { ok: false; reason: string };
export type Shopper = {
  browse(path: string): Promise<void>;
  add(line: { sku: string; quantity: number; requestId: string; showToken: string | null }): Promise<ShopAnswer>;
  order(order: { key: string; name: string; email: string; customerRef: string | null }): Promise<ShopAnswer>;
};

const TIMEOUT_MS = 10_000;

export function createShopper(options: { shopUrl: string; simulatorKey: string; dispatcher: Dispatcher }): Shopper {
  const cookies = new Map<string, string>();

  async function send(method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(options.shopUrl + path, {
      method,
      dispatcher: options.dispatcher,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'follow',
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const text = await answer.text();
    if (answer.status >= 500) throw new Error(`the shop answered ${answer.status}`);
    return text;
  }
  const readAnswer = (text: string): ShopAnswer => {
    const { ok, reason } = JSON.parse(text) as { ok?: boolean; reason?: string };
    return ok === true ? { ok: true } : { ok: false, reason: reason ?? 'custom' };
  };

  return {
    browse: async (path) => void (await send('GET', path)),
    add: async (line) => readAnswer(await send('POST', '/api/cart/lines', line)),
    // The key makes it one order; the simulator's key lets the shop mark it as simulated.
    order: async (order) =>
      readAnswer(await send('POST', '/api/orders', { ...order, simulated: true }, { authorization: `Bearer ${options.simulatorKey}` })),
  };
}
