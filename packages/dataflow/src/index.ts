// Event-time buckets, mergeable aggregates and sketches. Pure: numbers and text in, numbers and text out.
export * from './buckets.ts';
export * from './hyperloglog.ts';
