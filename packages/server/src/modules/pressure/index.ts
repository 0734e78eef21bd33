// Shedding: what is given up, in which order, when the load is more than the machine.
export type { LevelEffects } from './level-effects.ts';
export { createMachine, type Machine } from './machine-signals.node.ts';
export type { PressurePorts } from './ports.ts';
export { pressureRoutes } from './pressure.http.ts';
export { createPressure, type Pressure } from './pressure.ts';
export { SHED_RULES } from './shed-level.ts';
export { documentThresholds, parseThresholds } from './thresholds.ts';
