// Arguments -> config -> app -> start -> wait for a signal.
import { runServer } from './run-server.ts';

await runServer(process.argv.slice(2));
