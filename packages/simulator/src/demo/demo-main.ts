// `node src/demo/demo-main.ts`, forked with an IPC channel: waits for one message
//   { type: 'run', options: RunDemoOptions, owner: { apiKey } | { cookie } }
// and runs the demo until it is told to end or its parent goes away. Secrets come by that message, not by argv.
import { endWithParent } from '../command/simulate-command.ts';
import type { SendOwner } from './demo-api.ts';
import { type RunDemoOptions, runDemo } from './run-demo.ts';

export type DemoMessage = { type: 'run'; options: RunDemoOptions; owner: { apiKey: string } | { cookie: string } };

const log = (line: string) => console.log(`demo: ${line}`);
const ending = endWithParent();
if (!process.connected) {
  console.error('demo: must be started by `insp start`, which sends it what to do');
  process.exit(2);
}
const message = await new Promise<DemoMessage | null>((resolve) => {
  process.once('message', (value) => resolve(value as DemoMessage));
  ending.signal.addEventListener('abort', () => resolve(null));
});
if (message) {
  const { options, owner } = message;
  const authority: Record<string, string> =
    'apiKey' in owner ? { authorization: `Bearer ${owner.apiKey}` } : { cookie: owner.cookie, origin: new URL(options.inspUrl).origin };
  const send: SendOwner = (path, init) =>
    fetch(options.inspUrl + path, { ...init, headers: { ...init.headers, ...authority }, signal: AbortSignal.timeout(30_000) });
  try {
    await runDemo(options, send, ending.signal, log);
  } catch (error) {
    log(`ended: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
ending.release();
if (process.connected) process.disconnect();
process.exit();
