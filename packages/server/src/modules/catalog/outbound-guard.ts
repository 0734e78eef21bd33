// Which addresses the server may dial on behalf of a user (integrations.md 6.4). The decision only; the dialling is
// feed.http-client.ts, which asks again for every address a name resolves to, at the moment it connects.
//
//   public:   https, port 443, no user info, every address global unicast
//   loopback: http or https, any port, every address loopback; only where the setting allows it (development)
import ipaddr from 'ipaddr.js';
import { isPublicIp } from '../../kernel/ip-ranges.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

export type Destination = { readonly url: URL; readonly zone: 'public' | 'loopback' };

/** Checks the text of an address, before anything is resolved. */
export function checkAddress(text: string, allowLoopback: boolean): Outcome<Destination> {
  const no = (detail: string) => refused('INSP_CATALOG_FEED_ADDRESS_REFUSED', { detail });
  if (!URL.canParse(text)) return no('That is not a URL.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return no('The address must not carry a user name or password.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return no('Only https addresses are read.');
  const isPublicForm = url.protocol === 'https:' && url.port === '';
  const literal = hostAsIp(url);
  const isLoopbackName = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
  if (allowLoopback && (isLoopbackName || (literal !== null && isAllowedIp(literal, 'loopback'))))
    return accepted({ url, zone: 'loopback' });
  if (!isPublicForm) return no('Only https on port 443 is read.');
  if (literal !== null && !isAllowedIp(literal, 'public')) return no('The address is not a public one.');
  return accepted({ url, zone: 'public' });
}

/** The host as an IP address, or null when it is a name that must be resolved. */
export function hostAsIp({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
}

/** Tells whether one resolved address may be dialled. */
export function isAllowedIp(ip: string, zone: Destination['zone']): boolean {
  if (zone === 'public') return isPublicIp(ip);
  return ipaddr.isValid(ip) && ipaddr.parse(ip).range() === 'loopback';
}
