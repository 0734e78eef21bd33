// What may be dialled for a user beyond the public internet on the usual ports. An installation says so by
// INSP_OUTBOUND_ALLOW: `10.0.0.0/8, :8080` allows a range of addresses (at any port) and a port (at any public address).
import { AppError } from '../../kernel/app-error.ts';
import { type IpRange, isInRange, isLinkLocalIp, isPublicIp, parseIpRange } from '../../kernel/ip-ranges.ts';

export type OutboundPolicy = { readonly ranges: readonly IpRange[]; readonly ports: readonly number[] };

/** RTMP, RTMP over TLS, and the port some servers give it. */
export const USUAL_PORTS = [1935, 443, 1936] as const;

/** Throws INSP_CONFIG_INVALID_SETTING. */
export function parseOutboundPolicy(text: string | null): OutboundPolicy {
  const ranges: IpRange[] = [];
  const ports: number[] = [...USUAL_PORTS];
  for (const entry of (text ?? '').split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const port = /^:(\d{1,5})$/.exec(entry)?.[1];
    const range = port === undefined ? parseIpRange(entry) : null;
    if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) ports.push(Number(port));
    else if (range !== null) ranges.push(range);
    else
      throw new AppError('INSP_CONFIG_INVALID_SETTING', {
        detail: `INSP_OUTBOUND_ALLOW: "${entry}" is neither a range such as 10.0.0.0/8 nor a port such as :8080.`,
      });
  }
  return { ranges, ports };
}

/** The host as an IP address, or null when it is a name that must be resolved. */
export function hostAsIp(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return parseIpRange(bare) !== null && !bare.includes('/') ? bare : null;
}

const isListed = (ip: string, { ranges }: OutboundPolicy) => !isLinkLocalIp(ip) && ranges.some((range) => isInRange(ip, range));

/** May this resolved address be dialled at all? */
export function isAllowedIp(ip: string, policy: OutboundPolicy): boolean {
  return isPublicIp(ip) || isListed(ip, policy);
}

/** The same with the port. */
export function isAllowedEndpoint(ip: string, port: number, policy: OutboundPolicy): boolean {
  return isListed(ip, policy) ? port >= 1 && port <= 65_535 : isPublicIp(ip) && policy.ports.includes(port);
}
