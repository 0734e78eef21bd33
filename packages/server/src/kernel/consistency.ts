// What somebody who just did something must see of it afterwards, wherever their next read lands. Reads may go to
// replicas that lag; the position of a person's last commit travels with the person (not through the modules) and every
// read in their scope honours it. Rules: platform/postgres/SPEC.md.

/** One person's doings: an HTTP request, or a socket for as long as it is open. */
export type ConsistencyScope = {
  /** Reads in `work`, and in all it starts, see at least what this scope was opened with and what it commits. */
  run<T>(work: () => T): T;
  /** What the person must bring back next time; null when nothing was committed here. */
  token(): string | null;
};

/** Something loaded once and shown to many. */
export type Kept<T> = {
  readonly value: Promise<T>;
  /** Whether it shows whoever asks now all they did themselves. */
  isEnough(): Promise<boolean>;
};

export type Consistency = {
  /** Opens a scope. A token that is forged, broken or older than a minute is as good as none. */
  open(token: string | undefined): ConsistencyScope;
  /** Reads in `work` see at least all that was committed before this call: for answers to facts, pushed to others. */
  freshly<T>(work: () => Promise<T>): Promise<T>;
  /** The same for what stays in memory. */
  keep<T>(load: () => Promise<T>): Kept<T>;
};

/** One process on one database: every read sees every commit, and nothing needs to be carried. */
export const singleStoreConsistency: Consistency = {
  open: () => ({ run: (work) => work(), token: () => null }),
  freshly: (work) => work(),
  keep: (load) => ({ value: load(), isEnough: async () => true }),
};
