// A Content-Security-Policy that forgets Insp makes every request fail without a reason. The browser does say
// which rule it was, in an event of its own: that is what we print.

export type PolicyWatch = {
  /** Directives that blocked something of ours so far, e.g. `connect-src`. */
  blockedDirectives(): readonly string[];
  onBlocked(listener: (directive: string, blockedUri: string) => void): () => void;
};

type ViolationEvent = { blockedURI: string; effectiveDirective: string };
type Page = { addEventListener(type: 'securitypolicyviolation', listener: (event: ViolationEvent) => void): void };

export function watchPolicy(page: Page, inspUrl: string): PolicyWatch {
  const ours = new URL(inspUrl);
  const directives: string[] = [];
  const listeners = new Set<(directive: string, blockedUri: string) => void>();

  page.addEventListener('securitypolicyviolation', (event) => {
    if (!isOurs(event.blockedURI, ours)) return;
    if (!directives.includes(event.effectiveDirective)) directives.push(event.effectiveDirective);
    for (const listener of listeners) listener(event.effectiveDirective, event.blockedURI);
  });

  return {
    blockedDirectives: () => directives,
    onBlocked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Browsers report the full address, or only its origin; sockets come as ws(s) on the same host. */
function isOurs(blockedUri: string, ours: URL): boolean {
  try {
    return new URL(blockedUri).host === ours.host;
  } catch {
    return false;
  }
}
