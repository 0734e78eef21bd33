// Intent accuracy on a test file; with --unknown-label, or --unknown-every N, also refusal of unknown intents.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { auc } from '../../../packages/models/src/metrics/auc.ts';
import { classifyIntent, DEFAULT_INTENTS, fitIntents } from '../../../packages/models/src/say/intent/intent-classifier.ts';
import { parseCsv, readText } from '../csv.ts';
import type { Task } from '../eval.ts';
import { numberOption, readCategories, readTexts, wholeOption } from '../texts.ts';

export const task: Task = {
  name: 'intents',
  usage:
    'intents --train F --test F [--unknown-label L | --unknown-every 4] [--refused-known .05]   (CSV text,category; L marks unknown rows of the test file; every Nth sorted name is taken out of training)',
  run: async (options) => {
    const train = readLabelled(options, 'train');
    const test = readLabelled(options, 'test');
    const unknown = unknownNames(options, train.labels, test.labels);
    const kept = train.labels.map((_, i) => i).filter((i) => !unknown.has(train.labels[i] as string));
    const refusedKnownRatio = numberOption(options, 'refused-known', DEFAULT_INTENTS.refusedKnownRatio, 0, 0.9);
    const start = performance.now();
    const model = fitIntents(
      kept.map((i) => train.texts[i] as string),
      kept.map((i) => train.labels[i] as string),
      { ...DEFAULT_INTENTS, refusedKnownRatio },
    );
    const fitSeconds = (performance.now() - start) / 1000;
    const known = new Set(model.intents);
    const predictStart = performance.now();
    const verdicts = test.texts.map((text) => classifyIntent(model, text));
    const usPerMessage = ((performance.now() - predictStart) * 1000) / test.texts.length;
    let knownCount = 0;
    let right = 0;
    let acceptedRight = 0;
    let refusedUnknown = 0;
    for (const [i, { intent, accepted }] of verdicts.entries()) {
      const label = test.labels[i] as string;
      if (!known.has(label)) refusedUnknown += accepted ? 0 : 1;
      else {
        knownCount += 1;
        right += intent === label ? 1 : 0;
        acceptedRight += accepted && intent === label ? 1 : 0;
      }
    }
    if (knownCount === 0) throw new InputError('--test has no row of an intent in --train');
    const unknownCount = test.texts.length - knownCount;
    const result = {
      task: 'intents',
      trainRows: kept.length,
      testRows: test.texts.length,
      intents: model.intents.length,
      accuracy: right / knownCount,
      outOfFoldAccuracy: model.outOfFoldAccuracy,
      fitSeconds,
      usPerMessage,
      refusedKnownRatio,
      threshold: model.threshold,
      unknownRows: unknownCount,
      knownAcceptedRight: acceptedRight / knownCount,
      unknownRefused: unknownCount === 0 ? null : refusedUnknown / unknownCount,
      auroc:
        unknownCount === 0
          ? null
          : auc(
              test.labels.map((label) => (known.has(label) ? 1 : 0)),
              verdicts.map(({ score }) => score),
            ),
    };
    const table = Object.entries(result)
      .slice(1)
      .map(([name, value]) => [name, typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : String(value)]);
    return { result, table };
  },
};

function readLabelled(options: Map<string, string>, name: string) {
  const table = parseCsv(readText(options.get(name), name));
  return { texts: readTexts(table, 'text'), labels: readCategories(table) };
}

function unknownNames(options: Map<string, string>, labels: readonly string[], testLabels: readonly string[]): Set<string> {
  const label = options.get('unknown-label');
  if (label !== undefined) {
    if (options.has('unknown-every')) throw new InputError('--unknown-label and --unknown-every exclude each other');
    if (!testLabels.includes(label)) throw new InputError(`--unknown-label ${label}: no row of --test has it`, { column: 'category' });
    return new Set([label]);
  }
  if (!options.has('unknown-every')) return new Set();
  const step = wholeOption(options, 'unknown-every', 4);
  const names = [...new Set(labels)].sort();
  if (step < 2 || names.length < 2 * step) throw new InputError(`--unknown-every ${step} leaves nothing of ${names.length} intents`);
  return new Set(names.filter((_, i) => i % step === step - 1));
}
