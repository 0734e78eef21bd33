// The certificate files of RTMPS, looked at again and again: certbot and its like renew them every few weeks, and no
// broadcast should end for that. A pair counts when both texts were the same in two looks (who writes two files has
// them apart for a moment) and TLS takes it; a pair it does not take is logged, and the one before stays.
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Certificate, CertificateSource } from './certificate.ts';

export const CERTIFICATE_LOOK_EVERY_MS = 5_000;

type Files = { readonly certFile: string; readonly keyFile: string };

async function read({ certFile, keyFile }: Files): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { cert, key };
}

const isSame = (one: Certificate, other: Certificate) => one.cert === other.cert && one.key === other.key;

/** Throws INSP_CONFIG_INVALID_SETTING when the files cannot be read or do not belong together. */
export async function followCertificate(
  files: Files,
  { clock, logger }: { clock: Clock; logger: Logger },
): Promise<CertificateSource & { stop(): void }> {
  let current: Certificate;
  try {
    current = await read(files);
    createSecureContext(current);
  } catch (cause) {
    const detail = `The certificate of RTMPS (${files.certFile}, ${files.keyFile}) cannot be used: ${(cause as Error).message}`;
    throw new AppError('INSP_CONFIG_INVALID_SETTING', { detail, cause });
  }
  let lastSeen = current;
  let refused: Certificate | null = null;
  const listeners = new Set<(renewed: Certificate) => void>();
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    let seen: Certificate | null = null;
    try {
      seen = await read(files);
      const isSettled = isSame(seen, lastSeen);
      lastSeen = seen;
      if (!isSettled || isSame(seen, current) || (refused !== null && isSame(seen, refused))) return;
      createSecureContext(seen);
      current = seen;
      refused = null;
      for (const apply of listeners) apply(seen);
      logger.info({ file: files.certFile }, 'the certificate of RTMPS was renewed');
    } catch (err) {
      refused = seen;
      logger.warn({ err, file: files.certFile }, 'the certificate of RTMPS could not be read again; the one from before stays');
    } finally {
      isLooking = false;
    }
  }
  const stop = clock.every(CERTIFICATE_LOOK_EVERY_MS, () => void look());

  return {
    get current() {
      return current;
    },
    onChanged(apply) {
      listeners.add(apply);
      return () => listeners.delete(apply);
    },
    stop,
  };
}
