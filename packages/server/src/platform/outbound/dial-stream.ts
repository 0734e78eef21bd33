// Dials what a user typed, and nothing else: the name is resolved here, every address it has must be allowed, and the
// connection goes to one of exactly those (no second resolution, so no DNS rebinding). TLS names the host and checks its
// certificate. Proxies of the environment are not used. Nothing of a stream key is known here.
import { lookup } from 'node:dns';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { hostAsIp, isAllowedEndpoint, type OutboundPolicy } from './policy.ts';
import type { StreamAddress } from './stream-address.ts';

export const DIAL_LIMITS = {
  resolveMs: 5_000,
  /** For all addresses of a name together, TLS included. */
  connectMs: 5_000,
  /** Of a name's addresses, so many are tried. */
  addressCount: 4,
  /** Names looked up at the same time. */
  lookUpCount: 2,
} as const;

export type ResolveName = (host: string, done: (error: Error | null, addresses: readonly string[]) => void) => void;

const resolveBySystem: ResolveName = (host, done) =>
  lookup(host, { all: true, verbatim: true }, (error, found) => done(error, error === null ? found.map(({ address }) => address) : []));

/**
 * The system's look-up blocks one of Node's four threads, for as long as a dead name server is waited for; files are read
 * on the same threads. So a name is looked up once for all who ask at that time, and two names at a time.
 */
export function createSparingResolver(resolveName: ResolveName): ResolveName {
  const asking = new Map<string, Parameters<ResolveName>[1][]>();
  const waiting: string[] = [];
  let runningCount = 0;
  function next(): void {
    const host = runningCount < DIAL_LIMITS.lookUpCount ? waiting.shift() : undefined;
    if (host === undefined) return;
    runningCount += 1;
    resolveName(host, (error, addresses) => {
      runningCount -= 1;
      const askers = asking.get(host) ?? [];
      asking.delete(host);
      for (const done of askers) done(error, addresses);
      next();
    });
  }
  return (host, done) => {
    const others = asking.get(host);
    if (others !== undefined) {
      others.push(done);
      return;
    }
    asking.set(host, [done]);
    waiting.push(host);
    next();
  };
}

export type DialStreamOptions = {
  policy: OutboundPolicy;
  clock: Clock;
  resolveName?: ResolveName;
  /** Further roots of trust, PEM: for tests. */
  trustedRoots?: string;
};

/**
 * Refuses with INSP_OUTBOUND_ADDRESS_REFUSED (for good), INSP_OUTBOUND_UNRESOLVED, INSP_OUTBOUND_UNREACHABLE or
 * INSP_OUTBOUND_TLS_FAILED (maybe better later). After `signal` aborts nothing is left open.
 */
export type DialStream = (address: StreamAddress, signal: AbortSignal, onResolved: () => void) => Promise<Outcome<Socket>>;

export function createDialStream(options: DialStreamOptions): DialStream {
  const { policy, clock } = options;
  const resolveName = createSparingResolver(options.resolveName ?? resolveBySystem);

  function resolve(host: string, signal: AbortSignal): Promise<Outcome<readonly string[]>> {
    const ip = hostAsIp(host);
    if (ip !== null) return Promise.resolve(accepted([ip]));
    return new Promise((done) => {
      const no = (why: string) => done(refused('INSP_OUTBOUND_UNRESOLVED', { detail: `${host} ${why}.` }));
      const stop = clock.after(DIAL_LIMITS.resolveMs, () => no('was not resolved in time'));
      signal.addEventListener('abort', () => no('was not wanted any more'), { once: true });
      resolveName(host, (error, addresses) => {
        stop();
        if (error !== null || addresses.length === 0) no('has no address');
        else done(accepted(addresses));
      });
    });
  }

  return async (address, signal, onResolved) => {
    const found = await resolve(address.host, signal);
    if (!found.ok) return found;
    // One forbidden address condemns the name: nobody needs a name that points to both sides of a wall.
    if (!found.value.every((ip) => isAllowedEndpoint(ip, address.port, policy)))
      return refused('INSP_OUTBOUND_ADDRESS_REFUSED', {
        detail: `${address.host}:${address.port} is not an address of the public internet at a usual port.`,
      });
    if (signal.aborted) return refused('INSP_OUTBOUND_UNREACHABLE', { detail: 'Not wanted any more.' });
    onResolved();
    const deadlineMs = clock.steadyMs() + DIAL_LIMITS.connectMs;
    let last: Outcome<Socket> = refused('INSP_OUTBOUND_UNREACHABLE');
    const candidates = found.value.slice(0, DIAL_LIMITS.addressCount);
    for (const [index, ip] of candidates.entries()) {
      const leftMs = deadlineMs - clock.steadyMs();
      if (signal.aborted || leftMs <= 0) break;
      last = await connectTo(ip, address, { ...options, signal, timeoutMs: leftMs / (candidates.length - index) });
      if (last.ok) return last;
    }
    return last;
  };
}

function connectTo(
  ip: string,
  { scheme, host, port }: StreamAddress,
  { clock, signal, timeoutMs, trustedRoots }: DialStreamOptions & { signal: AbortSignal; timeoutMs: number },
): Promise<Outcome<Socket>> {
  return new Promise((done) => {
    const isTls = scheme === 'rtmps';
    const servername = hostAsIp(host) === null ? { servername: host } : {};
    const socket = isTls
      ? connectTls({ host: ip, port, ...servername, minVersion: 'TLSv1.2', ...(trustedRoots === undefined ? {} : { ca: trustedRoots }) })
      : connectTcp({ host: ip, port });
    socket.setNoDelay(true);
    let isConnected = false;
    const finish = (outcome: Outcome<Socket>) => {
      stop();
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      if (!outcome.ok) {
        // An error may still come; nobody is there to hear it.
        socket.on('error', () => {});
        socket.destroy();
      }
      done(outcome);
    };
    const onAbort = () => finish(refused('INSP_OUTBOUND_UNREACHABLE', { detail: 'Not wanted any more.' }));
    const onError = (cause: NodeJS.ErrnoException) => {
      const isTlsFault = isTls && isConnected;
      finish(
        refused(isTlsFault ? 'INSP_OUTBOUND_TLS_FAILED' : 'INSP_OUTBOUND_UNREACHABLE', {
          detail: `${host}:${port} ${cause.code ?? cause.name}.`,
        }),
      );
    };
    const stop = clock.after(timeoutMs, () =>
      finish(
        refused(isTls && isConnected ? 'INSP_OUTBOUND_TLS_FAILED' : 'INSP_OUTBOUND_UNREACHABLE', {
          detail: `${host}:${port} did not answer in time.`,
        }),
      ),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError);
    socket.once('connect', () => {
      isConnected = true;
      if (!isTls) finish(accepted(socket));
    });
    if (isTls) socket.once('secureConnect', () => finish(accepted(socket)));
  });
}
