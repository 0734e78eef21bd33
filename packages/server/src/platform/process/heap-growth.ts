// How far memory may grow until it is collected. V8 counts the bytes of buffers to it, and takes a process that makes
// few objects for one that can be collected often: with 45 MB of objects all of them were marked for each 11 MB or so of
// pictures that passed by (by its limits in --trace-incremental-marking). A broadcast of 6 Mbit/s with a ladder: two
// collections in five seconds, with GROWTH_PERCENT three in thirty, for 20 to 35 MB more resident memory.
import { setFlagsFromString } from 'node:v8';

/** Of what was left by the last collection. */
export const GROWTH_PERCENT = 60;

/** Call it once, before there is anything to collect. V8 reads the flag whenever it sets its next limit. */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
