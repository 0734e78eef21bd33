// Where the script came from is where Insp is: no address to configure, and none to get wrong.

type DocumentLike = { currentScript: { src?: string } | null; querySelector(selector: string): { src?: string } | null };

/** The folder the loader was served from, e.g. `https://insp.example/embed/`, or null when it cannot be told. */
export function findEmbedFolder(page: DocumentLike): string | null {
  const src = page.currentScript?.src || page.querySelector('script[src*="/embed/v1.js"]')?.src;
  if (!src) return null;
  try {
    return new URL('.', src).href;
  } catch {
    return null;
  }
}
