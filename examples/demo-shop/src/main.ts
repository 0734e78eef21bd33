// `node src/main.ts --data-dir DIR [--config FILE] ...`: the shop as a process of its own. It ends on SIGTERM, on
// SIGINT, and when whoever started it goes away: IPC disconnect, or end of stdin if stdin is a pipe.
import { fstatSync } from 'node:fs';
import { HELP, readCommandLine } from './command-line.ts';
import { startDemoShop } from './demo-shop.ts';

const settings = readCommandLine(process.argv.slice(2), process.env);
if (settings.kind !== 'run') {
  console[settings.kind === 'help' ? 'log' : 'error'](settings.kind === 'help' ? HELP : `${settings.message}\n\n${HELP}`);
  process.exit(settings.kind === 'help' ? 0 : 2);
}

const log = (line: string) => console.log(`demo-shop: ${line}`);
try {
  const shop = await startDemoShop({ ...settings.options, log });
  process.send?.({ type: 'listening', url: shop.url });
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void shop.stop().finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  const stdin = fstatSync(0, { throwIfNoEntry: false });
  if (stdin?.isFIFO() || stdin?.isSocket()) process.stdin.on('end', stop).on('error', stop).resume();
} catch (error) {
  console.error(`demo-shop: ${(error as Error).message}`);
  process.exit(1);
}
