// Which IP addresses belong to the public internet. Asked by everything that dials what a user typed
// (integrations.md 6.4); a rule here is a rule for all of them.
import ipaddr from 'ipaddr.js';

export type IpRange = readonly [ReturnType<typeof ipaddr.parse>, number];

const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * Global unicast only. `unicast` of ipaddr.js leaves out private, link-local, loopback, carrier NAT, documentation,
 * multicast, v4-mapped, 6to4, Teredo and NAT64 ranges; of v6 what lies outside 2000::/3 (v4-compatible, site-local,
 * local NAT64) goes too.
 */
export function isPublicIp(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.parse(ip);
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST_V6));
}

/** Link-local in both families, and with it the metadata services of clouds: never anybody's peer. */
export function isLinkLocalIp(ip: string): boolean {
  return ipaddr.isValid(ip) && ['linkLocal', 'unspecified', 'broadcast', 'multicast'].includes(ipaddr.process(ip).range());
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; null for anything else. */
export function parseIpRange(text: string): IpRange | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

export function isInRange(ip: string, range: IpRange): boolean {
  if (!ipaddr.isValid(ip)) return false;
  // A v4-mapped address is looked at as the v4 address it stands for.
  const address = ipaddr.process(ip);
  return address.kind() === range[0].kind() && address.match(range as [typeof address, number]);
}
