// Where reads may go: addresses as people write them in INSP_READ_URLS, a comma or a line between them. What stands
// behind an address is said by a parameter of ours, which the driver never sees:
//
//   postgres://insp:...@replica-1/insp                                      one replica
//   postgres://insp:...@cluster/insp?insp_kind=endpoint                     a proxy before several
//   postgres://insp:...@cluster/insp?insp_kind=global_endpoint              one that promises global consistency
import { AppError } from '../../kernel/app-error.ts';
import type { ReaderKind } from './read-router.ts';

export const MAX_READERS = 32;
const KINDS: readonly string[] = ['replica', 'endpoint', 'global_endpoint'] satisfies ReaderKind[];

export type ReadAddress = {
  readonly url: string;
  readonly kind: ReaderKind;
  /** Host, port and database: for people, without the password. */
  readonly name: string;
};

/** Throws INSP_CONFIG_INVALID_SETTING; the message never shows an address, since it holds a password. */
export function parseReadAddresses(text: string): ReadAddress[] {
  const written = text
    .split('\n')
    .map((line) => line.replace(/^\s*#.*$/, ''))
    .join(',')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const refuse = (detail: string) => new AppError('INSP_CONFIG_INVALID_SETTING', { detail });
  if (written.length > MAX_READERS) throw refuse(`At most ${MAX_READERS} addresses to read from, not ${written.length}.`);
  const byUrl = new Map<string, ReadAddress>();
  for (const [index, one] of written.entries()) {
    const url = URL.canParse(one) ? new URL(one) : null;
    if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) throw refuse(`Read address ${index + 1} is no postgres:// address.`);
    const kind = url.searchParams.get('insp_kind') ?? 'replica';
    if (!KINDS.includes(kind)) throw refuse(`Read address ${index + 1}: insp_kind is one of ${KINDS.join(', ')}, not "${kind}".`);
    url.searchParams.delete('insp_kind');
    byUrl.set(url.href, { url: url.href, kind: kind as ReaderKind, name: `${url.host}${url.pathname}` });
  }
  return [...byUrl.values()];
}
