// Grouping of questions without labels: batch (number of groups known) or stream (one pass, number unknown).
import { createHash } from 'node:crypto';
import { InputError } from '../../../packages/models/src/input-error.ts';
import { seededUniform } from '../../../packages/models/src/math/seeded-random.ts';
import { adjustedRandIndex } from '../../../packages/models/src/metrics/adjusted-rand-index.ts';
import { clusteringAccuracy } from '../../../packages/models/src/metrics/clustering-accuracy.ts';
import { normalizedMutualInformation } from '../../../packages/models/src/metrics/normalized-mutual-information.ts';
import { pairF1 } from '../../../packages/models/src/metrics/pair-f1.ts';
import { groupTexts } from '../../../packages/models/src/say/group/group-texts.ts';
import { StreamGrouper } from '../../../packages/models/src/say/group/stream-grouper.ts';
import { parseCsv, readText } from '../csv.ts';
import type { Task, TaskOutcome } from '../eval.ts';
import { readCategories, readTexts, wholeOption } from '../texts.ts';

export const task: Task = {
  name: 'group',
  usage: 'group --texts F [--batch K|--stream] [--fit F2] [--seeds 5] [--gap-ms 250]   (CSV text,category; F2: CSV text)',
  run: async (options) => {
    const table = parseCsv(readText(options.get('texts'), 'texts'));
    const texts = readTexts(table, 'text');
    const categories = readCategories(table);
    const fitOn = options.has('fit') ? readTexts(parseCsv(readText(options.get('fit'), 'fit')), 'text') : null;
    if (options.has('stream') && options.has('batch')) throw new InputError('--batch and --stream exclude each other');
    if (options.has('stream')) return stream(texts, categories, fitOn, wholeOption(options, 'gap-ms', 250));
    const groupCount = options.has('batch') ? wholeOption(options, 'batch', 1) : new Set(categories).size;
    return batch(texts, categories, fitOn, groupCount, wholeOption(options, 'seeds', 5));
  },
};

function batch(texts: string[], categories: string[], fitOn: string[] | null, groupCount: number, seedCount: number): TaskOutcome {
  const runs = Array.from({ length: seedCount }, (_, k) => {
    const start = performance.now();
    const { groups } = groupTexts(texts, groupCount, seededUniform(k + 1), fitOn ?? texts);
    return { seconds: (performance.now() - start) / 1000, ...measure(categories, groups) };
  });
  const names = ['nmi', 'ari', 'acc', 'pairPrecision', 'pairRecall', 'pairF1', 'seconds'] as const;
  const mean = Object.fromEntries(names.map((name) => [name, runs.reduce((sum, run) => sum + run[name], 0) / runs.length]));
  const usPerMessage = ((mean.seconds as number) * 1e6) / texts.length;
  return {
    result: { task: 'group', mode: 'batch', texts: texts.length, seeds: seedCount, groupCount, ...mean, usPerMessage, runs },
    table: [
      ['seed', ...names],
      ...runs.map((run, k) => [String(k + 1), ...names.map((n) => run[n].toFixed(4))]),
      ['mean', ...names.map((n) => (mean[n] as number).toFixed(4))],
    ],
  };
}

function stream(texts: string[], categories: string[], fitOn: string[] | null, gapMs: number): TaskOutcome {
  const keys = texts.map((text) => createHash('sha256').update(text).digest('hex'));
  const order = texts
    .map((_, i) => i)
    .sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : (keys[a] as string) > (keys[b] as string) ? 1 : a - b));
  const grouper = new StreamGrouper({ uniform: seededUniform(1), ...(fitOn === null ? {} : { fitOn }) });
  const ids = new Map<number, number>();
  // A text beyond the horizon keeps its last group, under the id that group goes by today.
  const lastGroups = new Map<number, number>();
  const addUs: number[] = [];
  const repairMs: number[] = [];
  // On a busy machine the wall clock counts the others' work too; the processor's own clock does not.
  let addCpuUs = 0;
  let segment = process.cpuUsage();
  const repair = () => {
    const { user, system } = process.cpuUsage(segment);
    addCpuUs += user + system;
    repairMs.push(timed(() => grouper.repair(nowMs)));
    segment = process.cpuUsage();
  };
  let nowMs = 0;
  for (const [position, i] of order.entries()) {
    nowMs = position * gapMs;
    const start = performance.now();
    const { textId, left } = grouper.add({ text: texts[i] as string, author: `a${i}`, occurredAtMs: nowMs });
    addUs.push((performance.now() - start) * 1000);
    ids.set(i, textId);
    for (const gone of left) lastGroups.set(gone.textId, gone.groupId);
    if (grouper.isRepairDue(nowMs)) repair();
  }
  repair();
  const groups = texts.map((_, i) => {
    const textId = ids.get(i) as number;
    return grouper.groupOf(textId) ?? grouper.currentGroupId(lastGroups.get(textId) as number);
  });
  const figures = measure(categories, groups);
  const sizes = new Map<number, number>();
  for (const g of groups) sizes.set(g, (sizes.get(g) ?? 0) + 1);
  const meanOf = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length);
  const totalUsPerMessage = meanOf(addUs) + (repairMs.reduce((a, b) => a + b, 0) * 1000) / texts.length;
  const result = {
    task: 'group',
    mode: 'stream',
    texts: texts.length,
    ...figures,
    groups: sizes.size,
    singletons: [...sizes.values()].filter((size) => size === 1).length,
    usPerMessage: meanOf(addUs),
    cpuUsPerMessage: addCpuUs / texts.length,
    usPerMessageP50: quantile(addUs, 0.5),
    usPerMessageP99: quantile(addUs, 0.99),
    repairs: repairMs.length,
    repairMsMean: meanOf(repairMs),
    repairMsMax: Math.max(...repairMs),
    usPerMessageWithRepair: totalUsPerMessage,
  };
  const { task: _task, mode: _mode, ...shown } = result;
  return {
    result,
    table: Object.entries(shown).map(([name, value]) => [name, Number.isInteger(value) ? String(value) : value.toFixed(4)]),
  };
}

function measure(categories: string[], groups: ArrayLike<number>) {
  const { precision, recall, f1 } = pairF1(categories, groups);
  return {
    nmi: normalizedMutualInformation(categories, groups),
    ari: adjustedRandIndex(categories, groups),
    acc: clusteringAccuracy(categories, groups),
    pairPrecision: precision,
    pairRecall: recall,
    pairF1: f1,
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
