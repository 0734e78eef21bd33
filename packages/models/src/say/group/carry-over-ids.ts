/**
 * Gives new groups the ids of the old ones they share most rows with, so that a card on the host's screen stays the same
 * card. An id goes to one group only; groups left over get ids from `newId`. Returns the id of every row.
 */
export function carryOverIds(oldIds: ArrayLike<number>, groups: ArrayLike<number>, newId: () => number): Int32Array {
  const shared = new Map<string, { group: number; id: number; count: number }>();
  for (let i = 0; i < groups.length; i += 1) {
    const key = `${groups[i]}:${oldIds[i]}`;
    const pair = shared.get(key) ?? { group: groups[i] as number, id: oldIds[i] as number, count: 0 };
    pair.count += 1;
    shared.set(key, pair);
  }
  const idOf = new Map<number, number>();
  const used = new Set<number>();
  for (const { group, id } of [...shared.values()].sort((a, b) => b.count - a.count || a.id - b.id || a.group - b.group)) {
    if (idOf.has(group) || used.has(id)) continue;
    idOf.set(group, id);
    used.add(id);
  }
  return Int32Array.from({ length: groups.length }, (_, i) => {
    const group = groups[i] as number;
    const known = idOf.get(group);
    if (known !== undefined) return known;
    const fresh = newId();
    idOf.set(group, fresh);
    return fresh;
  });
}
