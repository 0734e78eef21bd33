// The real machine: its loop, its memory, its disk.
import { expect, test } from 'vitest';
import { createMachine } from './machine-signals.node.ts';

const nextTurn = () => new Promise((done) => setImmediate(done));

function block(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test('[P1] a loop that is kept busy is late; memory and disk are shares of what there is', async () => {
  const machine = createMachine({ dataDir: '/' });
  await machine.start();
  machine.read();
  for (let turn = 0; turn < 8; turn += 1) {
    block(80);
    await nextTurn();
  }
  const { loopLagMs, memoryUsedRatio, disk } = machine.read();
  expect(loopLagMs).toBeGreaterThan(20);
  expect(memoryUsedRatio).toBeGreaterThan(0);
  expect(memoryUsedRatio).toBeLessThan(1);
  expect(disk?.usedRatio).toBeGreaterThan(0);
  expect(disk?.usedRatio).toBeLessThanOrEqual(1);
  expect(disk?.freeBytes).toBeGreaterThanOrEqual(0);
  await machine.stop();
});

test('[P10] a disk that is not ours, or not there, is not watched', async () => {
  for (const dataDir of [null, '/nowhere/at/all']) {
    const machine = createMachine({ dataDir });
    await machine.start();
    expect(machine.read().disk).toBeNull();
    await machine.stop();
  }
});
