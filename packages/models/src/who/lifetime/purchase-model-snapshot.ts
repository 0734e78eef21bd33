// A fitted purchase model to bytes and back: its name and parameters say all.
import { InputError } from '../../input-error.ts';
import { readSnapshot, writeSnapshot } from '../snapshot.ts';
import { type BgNbdParameters, bgNbd } from './bg-nbd.ts';
import { type MbgCnbdParameters, mbgCnbdK, type RhythmModel } from './mbg-cnbd-k.ts';
import { mbgNbd } from './mbg-nbd.ts';
import { type NbdParameters, nbd } from './nbd.ts';
import { type ParetoNbdParameters, paretoNbd } from './pareto-nbd.ts';
import type { PurchaseModel } from './purchase-model.ts';

const KIND = 'insp/purchase-model@1';
/** A model as plain data. */
export type KeptModel = { name: PurchaseModel['name']; parameters: Readonly<Record<string, number>>; logLikelihood: number | null };

const MAKERS: { readonly [N in PurchaseModel['name']]: (parameters: never, logLikelihood: number) => PurchaseModel } = {
  'bg-nbd': (parameters: BgNbdParameters, logLikelihood) => bgNbd(parameters, logLikelihood),
  'pareto-nbd': (parameters: ParetoNbdParameters, logLikelihood) => paretoNbd(parameters, logLikelihood),
  'mbg-nbd': (parameters: BgNbdParameters, logLikelihood) => mbgNbd(parameters, logLikelihood),
  nbd: (parameters: NbdParameters, logLikelihood) => nbd(parameters, logLikelihood),
  'mbg-cnbd-k': (parameters: MbgCnbdParameters, logLikelihood) => mbgCnbdK(parameters, logLikelihood),
};

export function purchaseModelToBytes({ name, parameters, logLikelihood }: PurchaseModel): Uint8Array {
  return writeSnapshot(KIND, keepModel({ name, parameters, logLikelihood }));
}

export function keepModel({ name, parameters, logLikelihood }: Pick<PurchaseModel, 'name' | 'parameters' | 'logLikelihood'>): KeptModel {
  return { name, parameters, logLikelihood: Number.isFinite(logLikelihood) ? logLikelihood : null };
}

/** Refuses bytes of another kind, an unknown model, and parameters that are not above 0. */
export function bytesToPurchaseModel(bytes: Uint8Array): PurchaseModel {
  return makeModel(readSnapshot(KIND, bytes) as KeptModel);
}

export function makeModel({ name, parameters, logLikelihood }: KeptModel): PurchaseModel {
  if (!Object.hasOwn(MAKERS, name)) throw new InputError(`no purchase model ${name}`);
  if (!Object.values(parameters).every((value) => value > 0)) throw new InputError('the snapshot holds parameters that are not above 0');
  return MAKERS[name](parameters as never, logLikelihood ?? Number.NaN);
}

/** The same for the model with a rhythm; refuses any other. */
export function bytesToRhythmModel(bytes: Uint8Array): RhythmModel {
  const model = bytesToPurchaseModel(bytes);
  if (model.name !== 'mbg-cnbd-k') throw new InputError(`${model.name} knows no rhythm`);
  return model as RhythmModel;
}
