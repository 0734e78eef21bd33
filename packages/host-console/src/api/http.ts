// Every call of the console to the server goes through here: same origin, cookies, JSON, refusals as ApiError.
import { ApiError, offlineError, refusalFromBody } from './api-error.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A list as the API pages it. */
export type Page<T> = { readonly data: T[]; readonly nextCursor?: string | null };

/** How many pages `allPages` follows before it stops: a list in the console is never endless. */
const MAX_PAGES = 60;

/** Sends one request. Throws ApiError for a refusal or when the server cannot be reached. */
export async function call<T>(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    throw offlineError(cause);
  }
  const text = await response.text();
  const parsed = parseJson(text);
  if (!response.ok) throw new ApiError(refusalFromBody(response.status, parsed));
  return parsed as T;
}

/** Follows the cursor of a list to its end, at most MAX_PAGES pages. */
export async function allPages<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const separator = path.includes('?') ? '&' : '?';
    const answer: Page<T> = await call('GET', cursor === null ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`);
    items.push(...answer.data);
    cursor = answer.nextCursor ?? null;
    if (cursor === null) break;
  }
  return items;
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
