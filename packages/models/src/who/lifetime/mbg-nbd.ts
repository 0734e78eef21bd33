// MBG/NBD (Batislam, Denizel & Filiztekin 2007; Hoppe & Wagner 2007): as BG/NBD, but a customer may also drop out
// right after the first purchase, so that a single buyer is not certain to be alive.
import { hypergeometric2F1 } from '../../math/hypergeometric.ts';
import { logBeta, logGamma } from '../../math/log-gamma.ts';
import type { BgNbdParameters } from './bg-nbd.ts';
import { byCount, fitPositive, groupHistories, hasNoDropout, NO_DROPOUT, refusalOf } from './fit-parameters.ts';
import type { CountHistory, FitResult, PurchaseModel } from './purchase-model.ts';
import { betaDropoutTail } from './purchase-tail.ts';

/** Log-likelihood: ln Gamma(r+x)/Gamma(r) alpha^r [ B(a,b+x+1) (alpha+T)^-(r+x) + B(a+1,b+x) (alpha+t_x)^-(r+x) ] / B(a,b). */
export function mbgNbdLogLikelihood({ r, alpha, a, b }: BgNbdParameters): (history: CountHistory) => number {
  const constant = r * Math.log(alpha) - logGamma(r) - logBeta(a, b);
  const terms = byCount((x) => ({ both: constant + logGamma(r + x), alive: logBeta(a, b + x + 1), dead: logBeta(a + 1, b + x) }));
  return ({ frequency: x, tRecencyWeeks, ageWeeks }) => {
    const of = terms(x);
    const alive = of.alive - (r + x) * Math.log(alpha + ageWeeks);
    const dead = of.dead - (r + x) * Math.log(alpha + tRecencyWeeks);
    return of.both + Math.max(alive, dead) + Math.log1p(Math.exp(-Math.abs(alive - dead)));
  };
}

/** Fits by maximum likelihood; refusals as in BG/NBD. */
export function fitMbgNbd(histories: readonly CountHistory[]): FitResult<PurchaseModel> {
  const refusal = refusalOf(histories);
  if (refusal) return refusal;
  const groups = groupHistories(histories);
  const totalOf =
    (some: readonly (typeof groups)[number][]) =>
    ([r, alpha, a, b]: readonly number[]) => {
      const logLikelihood = mbgNbdLogLikelihood({ r: r!, alpha: alpha!, a: a!, b: b! });
      return some.reduce((sum, group) => sum + group.count * logLikelihood(group), 0);
    };
  const fit = fitPositive(
    groups,
    totalOf,
    [
      [1, 1, 1, 1],
      [0.5, 6, 1, 2],
    ],
    ['r', 'alpha', 'a', 'b'],
  );
  if (!fit.ok) return fit;
  const [r, alpha, a, b] = fit.values as [number, number, number, number];
  if (hasNoDropout(a, b)) return { ok: false, reason: NO_DROPOUT };
  return { ok: true, model: mbgNbd({ r, alpha, a, b }, totalOf(groups)(fit.values)), iterationCount: fit.iterationCount };
}

/** The model at given parameters. */
export function mbgNbd(parameters: BgNbdParameters, logLikelihood = Number.NaN): PurchaseModel {
  const { r, alpha, a, b } = parameters;
  const deadOdds = ({ frequency: x, tRecencyWeeks, ageWeeks }: CountHistory) =>
    (a / (b + x)) * ((alpha + ageWeeks) / (alpha + tRecencyWeeks)) ** (r + x);
  return {
    name: 'mbg-nbd',
    parameters: { ...parameters },
    logLikelihood,
    probabilityAlive: (history) => 1 / (1 + deadOdds(history)),
    expectedPurchases(history, weeks) {
      const { frequency: x, ageWeeks } = history;
      const safeA = Math.abs(a - 1) < 1e-6 ? 1 + 1e-6 : a;
      const c = safeA + b + x;
      const shrink = ((alpha + ageWeeks) / (alpha + ageWeeks + weeks)) ** (r + x);
      const f = hypergeometric2F1(r + x, b + x + 1, c, weeks / (alpha + ageWeeks + weeks));
      return ((c / (safeA - 1)) * (1 - shrink * f)) / (1 + deadOdds(history));
    },
    purchaseTail: (history, weeks) =>
      betaDropoutTail(
        {
          alive: 1 / (1 + deadOdds(history)),
          shape: r + history.frequency,
          scale: alpha + history.ageWeeks,
          a,
          b: b + history.frequency + 1,
        },
        weeks,
      ),
  };
}
