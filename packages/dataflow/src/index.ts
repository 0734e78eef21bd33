// Event-time buckets, mergeable aggregates and sketches. Pure: numbers and text in, numbers and text out.
export * from './aggregate.ts';
export * from './buckets.ts';
export * from './evaluate.ts';
export * from './hyperloglog.ts';
export * from './log-columns.ts';
export * from './portability.ts';
export * from './portable-names.ts';
export * from './render-flink.ts';
export * from './render-postgres.ts';
export * from './salt.ts';
