import { InputError } from '../../input-error.ts';
import { ByteReader, ByteWriter } from '../text/byte-io.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
import { TfIdf, type TfIdfOptions } from '../text/tf-idf.ts';
import type { IntentModel } from './intent-classifier.ts';
import { NearestExamples } from './nearest-examples.ts';

const VERSION = 1;

/** The model as bytes; holds the hashed words of its examples, not the texts. About 4 bytes a feature and intent. */
export function intentModelToBytes({ intents, tfIdf, svm, nearest, threshold, outOfFoldAccuracy }: IntentModel): Uint8Array {
  const writer = new ByteWriter()
    .u32(VERSION)
    .json({ intents, features: tfIdf.options })
    .f64(threshold)
    .f64(outOfFoldAccuracy)
    .int32s(tfIdf.features)
    .float32s(tfIdf.idf)
    .float32s(svm.weights)
    .float32s(svm.bias)
    .int32s(Int32Array.from(nearest.classes));
  for (const { indices, values } of nearest.rows) writer.int32s(indices).float32s(values);
  return writer.toBytes();
}

/** Gives the same verdicts as the model the bytes were made of. Refuses bytes of another kind, version or length. */
export function bytesToIntentModel(bytes: Uint8Array): IntentModel {
  const reader = new ByteReader(bytes, 'an intent model');
  if (reader.u32() !== VERSION) throw new InputError('the bytes are not an intent model of this version');
  const { intents, features } = reader.json() as { intents: readonly string[]; features: TfIdfOptions };
  const threshold = reader.f64();
  const outOfFoldAccuracy = reader.f64();
  const tfIdf = TfIdf.of(features, reader.int32s(), reader.float32s());
  const svm = { classCount: intents.length, featureCount: tfIdf.featureCount, weights: reader.float32s(), bias: reader.float32s() };
  if (svm.weights.length !== svm.classCount * svm.featureCount || svm.bias.length !== svm.classCount)
    throw new InputError('the bytes are not an intent model of this version');
  const classes = reader.int32s();
  const rows: SparseVector[] = Array.from(classes, () => ({ indices: reader.int32s(), values: reader.float32s() }));
  reader.end();
  return {
    intents,
    tfIdf,
    svm,
    nearest: new NearestExamples(rows, classes, intents.length, tfIdf.featureCount),
    threshold,
    outOfFoldAccuracy,
  };
}
