// Security headers by @fastify/helmet. API answers load nothing and may be framed by nobody; the console's page
// brings its own policy (static-files.ts).
import helmet from '@fastify/helmet';
import type { HttpServer } from './create-http-server.ts';

export async function addSecurityHeaders(http: HttpServer, publicUrl: string): Promise<void> {
  const isSecure = publicUrl.startsWith('https:');
  await http.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] } },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
