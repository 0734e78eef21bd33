// A session given to one page is of no use on another. Browsers always tell their origin; what tells none could tell any, so
// nothing is gained by asking for it.
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

/** `origin`: of the page that shows the session, null when it told none. Refused with INSP_EMBED_ORIGIN_BLOCKED. */
export function onItsPage<S extends { readonly origin: string | null }>(session: S, origin: string | null): Outcome<S> {
  if (session.origin === null || origin === null || session.origin === origin) return accepted(session);
  return refused('INSP_EMBED_ORIGIN_BLOCKED', { detail: `The session belongs to ${session.origin}.` });
}
