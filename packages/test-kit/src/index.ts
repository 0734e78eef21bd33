// Fakes that tests of every package share. All of them run without real time, sockets or randomness.
export * from './event-capture.ts';
export * from './fake-clock.ts';
export * from './seeded-random.ts';
export * from './socket-pair.ts';
