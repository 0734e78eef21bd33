// RTMPS: the same contract behind TLS, and what TLS adds to it: limits of the handshake, a certificate that is renewed.
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TLSSocket, TLSSocket as TlsSocket } from 'node:tls';
import { createFakeClock } from '@insp/test-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { CERTIFICATE_LOOK_EVERY_MS, followCertificate } from './certificate.fs.ts';
import type { Certificate, CertificateSource } from './certificate.ts';
import { describeRtmpIngestContract } from './ingest.contract.ts';
import { createRtmpIngest } from './ingest.rtmp.ts';
import { INGEST_LIMITS } from './ingest.ts';
import { certificateFiles, makeCertificate } from './test-support/certificate.ts';
import { until } from './test-support/media-rig.ts';
import { createRtmpClient } from './test-support/rtmp-client.ts';
import { createWrongKeyDelay } from './wrong-key-delay.ts';

let certificate: Certificate;
let renewed: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate('first.example');
  renewed = await makeCertificate('second.example');
});
const fixed: CertificateSource = {
  get current() {
    return certificate;
  },
  onChanged: () => () => {},
};
const common = { host: '127.0.0.1', port: 0, random: systemRandom };

describeRtmpIngestContract(
  'ingest.rtmp with TLS',
  (options) => createRtmpIngest({ ...common, ...options, wrongKeys: createWrongKeyDelay(), certificate: fixed }),
  { isSecure: true },
);

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function setUp(source: CertificateSource = fixed) {
  const clock = createFakeClock();
  const ingest = createRtmpIngest({
    ...{ ...common, clock, logger: silentLogger, wrongKeys: createWrongKeyDelay(), certificate: source },
    decide: async () => ({ ok: true, sink: { onDeclared() {}, onTag() {}, onClosed() {} } }),
  });
  await ingest.start();
  cleanUps.push(() => ingest.stop());
  const raw = async () => {
    const socket = connect(ingest.port, '127.0.0.1');
    socket.on('error', () => {});
    cleanUps.push(() => socket.destroy());
    await once(socket, 'connect');
    // Unread, an end is never noticed.
    return socket.resume();
  };
  const commonName = async () => {
    let secured: TLSSocket | null = null;
    const client = await createRtmpClient(ingest.port, {
      isSecure: true,
      onSocket: (socket) => {
        if (socket instanceof TlsSocket) secured = socket;
      },
    });
    cleanUps.push(() => client.socket.destroy());
    return { name: (secured as TLSSocket | null)?.getPeerCertificate().subject.CN, client };
  };
  return { clock, ingest, raw, commonName };
}

describe('[RI2] the handshake', () => {
  test('who never finishes it is cut off at the deadline', async () => {
    const { clock, ingest, raw } = await setUp();
    const silent = await raw();
    const half = await raw();
    half.write(Buffer.of(22, 3, 1));
    await until('both are there', () => ingest.connectionCount === 2);
    await clock.advanceAsync(INGEST_LIMITS.publishDeadlineMs);
    expect(ingest.connectionCount).toBe(2);
    await clock.advanceAsync(1_000);
    await until('both are gone', () => ingest.connectionCount === 0 && silent.destroyed && half.destroyed);
  });

  test('counts among the connections of an address that were not accepted yet', async () => {
    const { ingest, raw } = await setUp();
    for (let index = 0; index < INGEST_LIMITS.pendingPerAddressCount; index += 1) await raw();
    await until('all are there', () => ingest.connectionCount === INGEST_LIMITS.pendingPerAddressCount);
    const oneTooMany = await raw();
    await until('it is dropped', () => oneTooMany.destroyed);
    expect(ingest.connectionCount).toBe(INGEST_LIMITS.pendingPerAddressCount);
  });

  test('plain RTMP on this port ends that connection and no other', async () => {
    const { ingest, commonName } = await setUp();
    const { client } = await commonName();
    await client.publishAccepted('good');
    const plain = await createRtmpClient(ingest.port);
    plain.send(Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 5)]));
    await plain.closed();
    expect(client.isClosed).toBe(false);
    await until('only one is left', () => ingest.connectionCount === 1);
  });

  test('stop ends handshakes under way', async () => {
    const { ingest, raw } = await setUp();
    const socket = await raw();
    await until('it is there', () => ingest.connectionCount === 1);
    await ingest.stop();
    await until('it is gone', () => socket.destroyed);
  });
});

describe('a certificate in files', () => {
  let files: Awaited<ReturnType<typeof certificateFiles>>;
  beforeAll(async () => {
    files = await certificateFiles(certificate);
  });
  afterAll(() => files.remove());

  test('is replaced while running, and who is connected stays', async () => {
    await files.write(certificate);
    const clock = createFakeClock();
    const source = await followCertificate(files, { clock, logger: silentLogger });
    cleanUps.push(source.stop);
    // Time passes for the files only: a silent encoder would be cut off.
    const { commonName } = await setUp(source);
    const before = await commonName();
    expect(before.name).toBe('first.example');
    await before.client.publishAccepted('good');

    // A key without its certificate, as for a moment while both are written: the pair from before stays.
    await files.write({ ...certificate, key: renewed.key });
    await look(clock, 3);
    expect((await commonName()).name).toBe('first.example');

    await files.write(renewed);
    await look(clock, 3);
    await until('the new one is shown', async () => (await commonName()).name === 'second.example');
    expect(before.client.isClosed).toBe(false);
  });

  test('is refused at start with the reason when it is no pair, or not there', async () => {
    const deps = { clock: createFakeClock(), logger: silentLogger };
    await files.write({ ...certificate, key: renewed.key });
    await expect(followCertificate(files, deps)).rejects.toThrow(/INSP_CONFIG_INVALID_SETTING.*RTMPS/s);
    await expect(followCertificate({ ...files, keyFile: '/nowhere/key.pem' }, deps)).rejects.toThrow(/nowhere/);
    expect(deps.clock.timerCount).toBe(0);
  });
});

/** Lets the follower look `count` times, each with the time its reads take. */
async function look(clock: ReturnType<typeof createFakeClock>, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await clock.advanceAsync(CERTIFICATE_LOOK_EVERY_MS);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
