// Sites as people type them, one a line, made into what browsers send as Origin.
import { LIMITS } from '@insp/protocol';

export type OriginsResult = { readonly ok: true; readonly origins: string[] } | { readonly ok: false; readonly problem: string };

export function originsFromText(text: string): OriginsResult {
  const origins: string[] = [];
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const origin = originOf(line);
    if (origin === null) return { ok: false, problem: `“${line}” is no site. Write it like https://shop.example` };
    if (!origins.includes(origin)) origins.push(origin);
  }
  return origins.length > LIMITS.storeOriginsPerOrg
    ? { ok: false, problem: `At most ${LIMITS.storeOriginsPerOrg} sites.` }
    : { ok: true, origins };
}

/** `shop.example/a?b` becomes `https://shop.example`; null when it is no http address. */
export function originOf(text: string): string | null {
  try {
    const url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
    return /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(url.origin) && url.username === '' ? url.origin : null;
  } catch {
    return null;
  }
}
