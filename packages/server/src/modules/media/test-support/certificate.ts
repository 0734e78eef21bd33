// Self-signed certificates for tests, as files; real encoders want one of a public authority.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { Certificate } from '../certificate.ts';

export async function makeCertificate(commonName = 'localhost'): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], { keyType: 'ec' });
  return { cert, key };
}

export async function certificateFiles(certificate: Certificate) {
  const folder = await mkdtemp(join(tmpdir(), 'insp-certificate-'));
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  const write = async ({ cert, key }: Certificate) => {
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
  };
  await write(certificate);
  return { certFile, keyFile, write, remove: () => rm(folder, { recursive: true, force: true }) };
}
