// Inputs that once broke something, by seed and number. They stay.
export const KEPT_SEEDS: readonly { readonly seed: number; readonly index: number; readonly was: string }[] = [
  { seed: 1, index: 36, was: 'a fault behind publish, in the same chunk of bytes, dropped the tags before it' },
  { seed: 20261129, index: 364041, was: 'an acknowledgement after the fault' },
];
