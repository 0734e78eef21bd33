// A process that runs an embedded Postgres in the folder given and says where, so that tests can kill it as the
// world does. SIGTERM stops it properly.
import { silentLogger } from '../src/kernel/logger.ts';
import { createEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';

const postgres = createEmbeddedPostgres({ folder: process.argv[2] ?? '', logger: silentLogger });
try {
  await postgres.start();
} catch (cause) {
  process.stdout.write(`${JSON.stringify({ code: (cause as { code?: string }).code, message: String(cause) })}\n`);
  process.exit(1);
}
const url = await postgres.databaseUrl('insp');
process.stdout.write(`${JSON.stringify({ url, pid: postgres.pid, wasAdopted: postgres.wasAdopted })}\n`);
process.once('SIGTERM', () => {
  void postgres.stop().then(() => process.exit(0));
});
setInterval(() => {}, 60_000);
