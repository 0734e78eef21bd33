// The text of an address to stream to, checked before anything is resolved: scheme, host, port, application. No user
// info, no query (what follows a question mark belongs to the stream key, which is sealed), nothing that is no host.
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { hostAsIp, isAllowedIp, type OutboundPolicy } from './policy.ts';

export type StreamAddress = {
  readonly scheme: 'rtmp' | 'rtmps';
  /** A name in its ASCII form, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The RTMP application: the path without its slashes at the ends. */
  readonly app: string;
  /** What is said to the server as the address it was called by. */
  readonly tcUrl: string;
};

export const ADDRESS_LIMITS = { urlLength: 500 } as const;
const DEFAULT_PORT = { rtmp: 1935, rtmps: 443 } as const;

/** Refuses with INSP_OUTBOUND_ADDRESS_INVALID or INSP_OUTBOUND_ADDRESS_REFUSED. */
export function parseStreamAddress(text: string, policy: OutboundPolicy): Outcome<StreamAddress> {
  const no = (detail: string) => refused('INSP_OUTBOUND_ADDRESS_INVALID', { detail });
  const found = /^(rtmps?):\/\/(.*)$/i.exec(text.trim());
  if (found === null || text.length > ADDRESS_LIMITS.urlLength)
    return no('It starts with rtmp:// or rtmps:// and has at most 500 characters.');
  const scheme = found[1]?.toLowerCase() === 'rtmps' ? 'rtmps' : 'rtmp';
  // As https, so that the parser of the platform writes names in ASCII and odd forms of IP addresses in full.
  const asHttps = `https://${found[2]}`;
  if (/[\s\\]/.test(asHttps) || !URL.canParse(asHttps)) return no('That is not an address.');
  const url = new URL(asHttps);
  if (url.username !== '' || url.password !== '') return no('The address must not carry a user name or password.');
  if (url.search !== '' || url.hash !== '') return no('What follows a question mark belongs into the stream key.');
  const app = url.pathname.replace(/^\/+|\/+$/g, '');
  if (app === '') return no('The path is missing, such as /live2 or /rtmp.');
  const explicitPort = /:(\d+)$/.exec(found[2]?.split('/', 1)[0] ?? '')?.[1];
  const port = explicitPort === undefined ? DEFAULT_PORT[scheme] : Number(explicitPort);
  const ip = hostAsIp(url.hostname);
  const host = ip ?? url.hostname;
  if (ip !== null && !isAllowedIp(ip, policy))
    return refused('INSP_OUTBOUND_ADDRESS_REFUSED', { detail: 'It is not an address of the public internet.' });
  if (ip === null && !host.includes('.') && host !== 'localhost') return no('The host is missing, such as a.rtmp.youtube.com.');
  const authority = `${ip?.includes(':') ? `[${ip}]` : host}${port === DEFAULT_PORT[scheme] ? '' : `:${port}`}`;
  return accepted({ scheme, host, port, app, tcUrl: `${scheme}://${authority}/${app}` });
}
