import { AppError } from '@insp/server';

/** A fault with a code is one sentence for people; anything else is a bug and shows where. */
export function sayFault(cause: unknown): void {
  process.stderr.write(`${cause instanceof AppError ? cause.message : ((cause as Error)?.stack ?? String(cause))}\n`);
  process.exitCode = 1;
}
