// A simulated audience, past orders, a synthetic encoder, and the demo made of them.
export { percentile, type Summary, summaryLine } from './audience/figures.ts';
export { SIMULATE_LIMITS, type SimulateOptions, simulate } from './audience/simulate.ts';
export { endWithParent, readSimulateArguments, runSimulateCommand, SIMULATE_HELP } from './command/simulate-command.ts';
export { createDemoApi, type DemoApi, DemoApiError, type SendOwner, sendWithApiKey } from './demo/demo-api.ts';
export { type DemoDirectorOptions, directDemo } from './demo/demo-director.ts';
export type { DemoMessage } from './demo/demo-main.ts';
export {
  DEMO_LINE_UP,
  DEMO_SEED,
  DEMO_SHOW_TITLE,
  type DemoSecrets,
  type PrepareDemoOptions,
  type PreparedDemo,
  prepareDemo,
} from './demo/prepare-demo.ts';
export { type RunDemoOptions, runDemo } from './demo/run-demo.ts';
export { type EncoderState, startEncoder } from './encoder/encoder.ffmpeg.ts';
export { type SyntheticEncoder, type SyntheticEncoderOptions, startSyntheticEncoder } from './encoder/synthetic-encoder.ts';
export { createPastOrders, type PastOrder } from './history/past-orders.ts';
export { type SeededHistory, seedHistory } from './history/seed-history.ts';
export { createPlan, PLAN_LIMITS, type Plan, type PlannedEvent, type PlanOptions } from './plan/plan.ts';
export { parseTrace } from './plan/trace.ts';

/** The demo's process: fork it, then send a `DemoMessage`. */
export const DEMO_PROCESS_URL = new URL('./demo/demo-main.ts', import.meta.url);
