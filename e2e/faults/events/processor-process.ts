// The processor: the engine that keeps the figures, alone in a process, so that it can be killed, stopped and left
// behind. It follows the log by looking, as one does that runs on another machine than the app.
import { setTimeout as sleep } from 'node:timers/promises';
import { createAggregates, openDatabase } from '@insp/server/events';
import { answerAsks, tell, tellingLogger } from './asks.ts';
import { createSabotagedEngine, type EngineSabotage } from './sabotaged-engine.ts';
import { createSteppedClock } from './stepped-clock.ts';

export type ProcessorConfig = { url: string; sabotage: EngineSabotage | null };

/** It is woken now in a rush and now after a pause, as appends come. */
const WOKEN_WITHIN_MS = 250;
const RETRY_AFTER_MS = 50;

const config = JSON.parse(process.argv[2] ?? '{}') as ProcessorConfig;
const clock = createSteppedClock();
const database = openDatabase({ url: config.url, maxConnections: 4, onError() {} });
const engine =
  config.sabotage === null
    ? createAggregates({ database, clock, logger: tellingLogger, onAppended: wakeNowAndThen })
    : createSabotagedEngine({ database, sabotage: config.sabotage });

function wakeNowAndThen(wake: () => void): () => void {
  let cancel = () => {};
  const again = () => {
    wake();
    cancel = clock.after(Math.random() ** 2 * WOKEN_WITHIN_MS, again);
  };
  again();
  return () => cancel();
}

answerAsks({
  step: ({ byMs }: { byMs: number }) => clock.step(byMs),
  stop: () => engine.stop(),
});

for (;;) {
  try {
    await engine.start();
    break;
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'INSP_STORE_UNAVAILABLE')
      tell({ surprise: `the engine did not start: ${(cause as Error).stack}` });
    await sleep(RETRY_AFTER_MS);
  }
}
