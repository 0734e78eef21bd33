import type { BoostedTrees } from './boosted-trees.ts';

/** Mean of forests as one forest: leaves divided by their number, bases averaged. */
export function averageForests(forests: readonly BoostedTrees[]): BoostedTrees {
  const share = 1 / forests.length;
  const starts: number[] = [];
  let nodeCount = 0;
  for (const { column } of forests) {
    starts.push(nodeCount);
    nodeCount += column.length;
  }
  const joined: BoostedTrees = {
    base: forests.reduce((sum, { base }) => sum + base * share, 0),
    roots: Int32Array.from(forests.flatMap(({ roots }, k) => [...roots].map((root) => root + (starts[k] as number)))),
    column: new Int16Array(nodeCount),
    leftLow: new Uint32Array(nodeCount),
    leftHigh: new Uint32Array(nodeCount),
    child: new Int32Array(nodeCount),
    value: new Float32Array(nodeCount),
  };
  for (const [k, forest] of forests.entries()) {
    const start = starts[k] as number;
    joined.column.set(forest.column, start);
    joined.leftLow.set(forest.leftLow, start);
    joined.leftHigh.set(forest.leftHigh, start);
    joined.child.set(
      forest.child.map((child) => (child < 0 ? child : child + start)),
      start,
    );
    joined.value.set(
      forest.value.map((value) => value * share),
      start,
    );
  }
  return joined;
}
