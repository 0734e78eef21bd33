/** Levenshtein distance: single-character insertions, deletions and substitutions from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row.push(Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** The name most like `wrong`; ties go to the first. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  return [...names].sort((a, b) => editDistance(wrong, a) - editDistance(wrong, b))[0];
}
