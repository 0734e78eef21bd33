// The few calls of Insp's public HTTP API the demo needs, typed by the protocol. Who signs the requests is not our
// business: `send` is `fetch` with a session cookie or an API key in it.
import type {
  CreateShow,
  Highlight,
  OrganizationSettings,
  Product,
  ProductId,
  ProductImportResult,
  SecretName,
  Show,
  ShowCommand,
  ShowId,
  StreamKey,
} from '@insp/protocol';

/** `path` begins with `/v1`; the body, if any, is JSON. */
export type SendOwner = (path: string, init: { method: string; headers: Record<string, string>; body?: string }) => Promise<Response>;

export class DemoApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(method: string, path: string, status: number, problem: { code?: string; detail?: string; title?: string }) {
    super(`${method} ${path}: ${status} ${problem.code ?? ''} ${problem.detail ?? problem.title ?? ''}`.trim());
    this.name = 'DemoApiError';
    this.status = status;
    this.code = problem.code ?? '';
  }
}

export type DemoApi = ReturnType<typeof createDemoApi>;

/** An owner of `send` from an API key. */
export function sendWithApiKey(inspUrl: string, apiKey: string): SendOwner {
  return (path, init) =>
    fetch(inspUrl + path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(30_000),
    });
}

export function createDemoApi(send: SendOwner) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await send(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    const data: unknown = text === '' ? null : parse(text);
    if (!answer.ok) throw new DemoApiError(method, path, answer.status, (data ?? {}) as { code?: string });
    return data as T;
  }

  return {
    organization: () => call<OrganizationSettings>('GET', '/v1/organization'),
    updateOrganization: (change: Partial<OrganizationSettings>) => call<OrganizationSettings>('PATCH', '/v1/organization', change),
    rotateSecret: async (name: SecretName) => (await call<{ secret: string }>('POST', `/v1/organization/secrets/${name}/rotate`)).secret,
    importProducts: (feedUrl: string) => call<ProductImportResult>('POST', '/v1/products/import', { feedUrl }),
    products: async () => (await call<{ data: Product[] }>('GET', '/v1/products?limit=100')).data,
    shows: async () => (await call<{ data: Show[] }>('GET', '/v1/shows?limit=100')).data,
    show: (showId: ShowId) => call<Show>('GET', `/v1/shows/${showId}`),
    createShow: (show: CreateShow) => call<Show>('POST', '/v1/shows', show),
    updateShow: (showId: ShowId, change: Partial<CreateShow>) => call<Show>('PATCH', `/v1/shows/${showId}`, change),
    setLineUp: (showId: ShowId, items: { productId: ProductId; note: string }[]) =>
      call<Show>('PUT', `/v1/shows/${showId}/line-up`, { items }),
    command: (showId: ShowId, command: ShowCommand, reason = '') => call<Show>('POST', `/v1/shows/${showId}/commands`, { command, reason }),
    issueStreamKey: (showId: ShowId) => call<StreamKey>('POST', `/v1/shows/${showId}/stream-key`),
    startHighlight: (showId: ShowId, productId: ProductId) => call<Highlight>('POST', `/v1/shows/${showId}/highlights`, { productId }),
    endHighlight: (showId: ShowId, highlightId: string) => call<null>('DELETE', `/v1/shows/${showId}/highlights/${highlightId}`),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
