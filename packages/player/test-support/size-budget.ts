// Budgets in gzip bytes, level 9. Raise one only in the change that needs it, and say why there.
// Recorded 2026-11-30, vite 8.3.8: v1.js 10.5 kB, player 57 kB, hls 178 kB, a locale about 2.2 kB.
export const BUDGET_GZIP_BYTES: readonly { readonly name: string; readonly pattern: RegExp; readonly maxBytes: number }[] = [
  { name: 'loader', pattern: /^v1\.js$/, maxBytes: 25 * 1024 },
  { name: 'player', pattern: /^player-.*\.js$/, maxBytes: 60 * 1024 },
  { name: 'hls', pattern: /^hls/, maxBytes: 200 * 1024 },
  { name: 'locale', pattern: /^[a-z]{2}-.*\.js$/, maxBytes: 4 * 1024 },
];

/** What is over budget, in words; empty when all is well. */
export function checkBudget(manifest: { files: Record<string, { gzipBytes: number }> }): string[] {
  return Object.entries(manifest.files).flatMap(([file, { gzipBytes }]) => {
    const budget = BUDGET_GZIP_BYTES.find(({ pattern }) => pattern.test(file));
    if (budget === undefined) return [`${file} has no budget`];
    return gzipBytes > budget.maxBytes ? [`${file} is ${gzipBytes} bytes gzip, the budget is ${budget.maxBytes}`] : [];
  });
}
