/** Something with a life. Both are idempotent; `stop` resolves when nothing of it runs any more. */
export type Service = { start(): Promise<void>; stop(): Promise<void> };
