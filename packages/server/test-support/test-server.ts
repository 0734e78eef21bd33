// The HTTP server with real accounts on a test database, and people who act as the console does: with cookies,
// over `inject`, so no port is taken. Modules add their routes by `routes`.
import { createHash } from 'node:crypto';
import { createFakeClock, type FakeClock } from '@insp/test-kit';
import { createIds } from '../src/kernel/ids.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { systemRandom } from '../src/kernel/random.ts';
import { type Accounts, type AccountsDeps, createAccounts } from '../src/modules/accounts/index.ts';
import { createHttpServer, type HttpServer } from '../src/platform/http/index.ts';
import type { Database } from '../src/platform/postgres/database.ts';
import { createPeople, type People } from './test-people.ts';

export type { TestPerson } from './test-people.ts';

export type TestServer = People & {
  http: HttpServer;
  accounts: Accounts;
  clock: FakeClock;
  mails: { to: string; subject: string; text: string }[];
  authDeps: AccountsDeps & { secret: string; mayRegister(email: string): Promise<boolean>; passwordChanged(userId: string): Promise<void> };
};

export async function createTestServer(
  database: Database,
  options: { registration?: 'open' | 'invited'; routes?: (http: HttpServer, accounts: Accounts) => void } = {},
): Promise<TestServer> {
  const clock = createFakeClock(1_790_000_000_000);
  const mails: TestServer['mails'] = [];
  const deps: AccountsDeps = {
    database,
    clock,
    ids: createIds(clock, systemRandom),
    random: systemRandom,
    logger: silentLogger,
    publicUrl: 'http://localhost:4600',
    registration: options.registration ?? 'open',
    deriveKey: (purpose) => createHash('sha256').update(`test ${purpose}`).digest(),
    mailer: { send: async (mail) => void mails.push(mail) },
  };
  const accounts = createAccounts(deps);
  const http = await createHttpServer({ ...deps, guard: accounts.guard });
  accounts.routes(http);
  options.routes?.(http, accounts);
  await http.ready();

  return {
    http,
    accounts,
    clock,
    mails,
    authDeps: { ...deps, secret: 'x'.repeat(40), mayRegister: async () => true, passwordChanged: async () => {} },
    ...createPeople(http),
  };
}
