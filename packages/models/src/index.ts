// What the copilot knows, as pure functions and small objects with a life: no I/O, no clock, no randomness of their own; everything that
// learns takes one event at a time and goes to bytes and back.
export { InputError } from './input-error.ts';
export { seededUniform, type Uniform } from './math/seeded-random.ts';
// Speak IQ: what to say.
export * as say from './say/index.ts';
// Sell IQ: what to sell next.
export * as sell from './sell/index.ts';
// Audience View: who to speak to.
export * as who from './who/index.ts';
