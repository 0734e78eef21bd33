// Reads the product feed of a shop. Nothing a user types is dialled unchecked: the name is resolved by our own lookup,
// every address it has must be allowed, and the connection goes to exactly those addresses (no second resolution, so
// no DNS rebinding). Redirects are refused, size and time are capped, environment proxies are not used.
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { type RequestOptions as HttpOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { LIMITS } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { checkAddress, type Destination, isAllowedIp } from './outbound-guard.ts';
import type { FetchFeed } from './ports.ts';

type LookupFunction = NonNullable<HttpOptions['lookup']>;
export type ResolveAll = (hostname: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

export type FeedClientOptions = {
  /** For development: read http and https feeds on this machine too. */
  allowLoopback: boolean;
  maxBytes?: number;
  timeoutMs?: number;
  resolveAll?: ResolveAll;
};

class AddressRefused extends Error {}

const resolveBySystem: ResolveAll = (hostname, done) => resolve(hostname, { all: true, verbatim: true }, done);

/** A lookup for `net.connect` that hands out checked addresses only. */
function guardedLookup(zone: Destination['zone'], resolveAll: ResolveAll): LookupFunction {
  return (hostname, options, done) => {
    resolveAll(hostname, (error, addresses) => {
      if (error !== null) return done(error, []);
      const forbidden = addresses.find(({ address }) => !isAllowedIp(address, zone));
      const [first] = addresses;
      if (forbidden !== undefined || first === undefined) return done(new AddressRefused('resolves to an address that is not allowed'), []);
      return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

/** Creates the reader; it answers parsed JSON or a refusal with the reason in words. */
export function createFeedClient(options: FeedClientOptions): FetchFeed {
  const maxBytes = options.maxBytes ?? LIMITS.productImportBytes;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const resolveAll = options.resolveAll ?? resolveBySystem;

  return async (text) => {
    const checked = checkAddress(text, options.allowLoopback);
    if (!checked.ok) return checked;
    const body = await download(checked.value, maxBytes, timeoutMs, guardedLookup(checked.value.zone, resolveAll));
    if (!body.ok) return body;
    try {
      return accepted(JSON.parse(body.value.toString('utf8')));
    } catch {
      return refused('INSP_CATALOG_IMPORT_REFUSED', { detail: 'The feed is not JSON.' });
    }
  };
}

function download({ url }: Destination, maxBytes: number, timeoutMs: number, lookup: LookupFunction): Promise<Outcome<Buffer>> {
  return new Promise((done) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      lookup,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'insp' },
    });
    const unreachable = (detail: string) => done(refused('INSP_CATALOG_FEED_UNREACHABLE', { detail }));
    const fail = (cause: Error) => {
      if (cause instanceof AddressRefused)
        return done(refused('INSP_CATALOG_FEED_ADDRESS_REFUSED', { detail: `${url.hostname} ${cause.message}.` }));
      const isTimeOut = cause.name === 'AbortError' || cause.name === 'TimeoutError';
      return unreachable(
        isTimeOut
          ? `No complete answer within ${timeoutMs / 1000} s.`
          : `The connection failed (${'code' in cause ? cause.code : cause.name}).`,
      );
    };
    request.on('error', fail);
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        request.destroy();
        return unreachable(
          `It answers ${response.statusCode}${response.headers.location === undefined ? '' : ' (redirects are not followed)'}.`,
        );
      }
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) {
          request.destroy();
          return done(refused('INSP_CATALOG_IMPORT_REFUSED', { detail: `The feed is larger than ${maxBytes} bytes.` }));
        }
        chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => done(accepted(Buffer.concat(chunks))));
    });
    request.end();
  });
}
