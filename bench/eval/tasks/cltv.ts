// Lifetime value on a file of purchases: models fitted up to one date, judged on what customers did up to another. Nothing
// after the end of calibration is seen by any fit, forecast or score.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { fitBgNbd } from '../../../packages/models/src/who/lifetime/bg-nbd.ts';
import { type CustomerSummary, summarizeCustomers } from '../../../packages/models/src/who/lifetime/customer-summary.ts';
import { fitMbgCnbdK } from '../../../packages/models/src/who/lifetime/mbg-cnbd-k.ts';
import { fitMbgNbd } from '../../../packages/models/src/who/lifetime/mbg-nbd.ts';
import { fitNbd } from '../../../packages/models/src/who/lifetime/nbd.ts';
import { fitParetoNbd } from '../../../packages/models/src/who/lifetime/pareto-nbd.ts';
import type { FitResult, PurchaseModel } from '../../../packages/models/src/who/lifetime/purchase-model.ts';
import { learnValueScore } from '../../../packages/models/src/who/value-score.ts';
import type { Task } from '../eval.ts';
import { fitSpend, giniOf, judgeCounts, judgeModel, type ModelFigures, usPerViewer } from '../lifetime-figures.ts';
import { dayToText, parseDay, readTransactions } from '../transactions.ts';

const OPTIONS = new Set(['transactions', 'calibration-end', 'holdout-end']);
const FITS: Record<PurchaseModel['name'], (customers: readonly CustomerSummary[]) => FitResult<PurchaseModel>> = {
  'bg-nbd': fitBgNbd,
  'pareto-nbd': fitParetoNbd,
  'mbg-nbd': fitMbgNbd,
  'mbg-cnbd-k': fitMbgCnbdK,
  nbd: fitNbd,
};
const MIN_CUSTOMERS = 10;

export const task: Task = {
  name: 'cltv',
  usage:
    'cltv --transactions F --calibration-end 1997-09-30 --holdout-end 1998-06-30   (CSV customer,date[,amount], or CDNOW text; dates yyyymmdd or yyyy-mm-dd)',
  run: async (options) => {
    for (const name of options.keys()) if (!OPTIONS.has(name)) throw new InputError(`no option --${name}`);
    const calibrationEnd = dayOption(options, 'calibration-end');
    const holdoutEnd = dayOption(options, 'holdout-end');
    if (holdoutEnd <= calibrationEnd) throw new InputError('--holdout-end is not after --calibration-end');
    const file = readTransactions(options.get('transactions'));
    const result = judge(file, calibrationEnd, holdoutEnd);
    return { result, table: tableOf(result) };
  },
};

function dayOption(options: ReadonlyMap<string, string>, name: string): number {
  const given = options.get(name);
  if (given === undefined || given === 'true') throw new InputError(`--${name} DATE is missing`);
  const day = parseDay(given);
  if (day === null) throw new InputError(`--${name} ${given.slice(0, 40)} is not a date (yyyymmdd or yyyy-mm-dd)`);
  return day;
}

function judge(file: ReturnType<typeof readTransactions>, calibrationEnd: number, holdoutEnd: number) {
  const { transactions, hasAmounts } = file;
  const days = transactions.map(({ day }) => day);
  const firstDay = days.reduce((a, b) => Math.min(a, b));
  const lastDay = days.reduce((a, b) => Math.max(a, b));
  if (lastDay <= calibrationEnd)
    throw new InputError(`the last purchase is of ${dayToText(lastDay)}: nothing lies after the end of calibration to judge by`);
  if (firstDay > calibrationEnd)
    throw new InputError(`the first purchase is of ${dayToText(firstDay)}: nothing lies before the end of calibration to learn from`);
  const cohort = summarizeCustomers(transactions, calibrationEnd, holdoutEnd);
  if (cohort.customers.length < MIN_CUSTOMERS)
    throw new InputError(
      `${cohort.customers.length} customers bought up to ${dayToText(calibrationEnd)}: ${MIN_CUSTOMERS} are the least for a fit`,
    );
  const weeks = (holdoutEnd - calibrationEnd) / 7;
  const warnings: string[] = [];
  if (lastDay < holdoutEnd - Math.max(7, 0.05 * (holdoutEnd - calibrationEnd)))
    warnings.push(`purchases end on ${dayToText(lastDay)}, before the holdout does: forecasts look too high`);
  const afterHoldout = days.filter((day) => day > holdoutEnd).length;
  if (afterHoldout > 0) warnings.push(`${afterHoldout} purchases after the holdout are left out`);
  if (!hasAmounts) warnings.push('no amounts: each purchase counts 1, so "spend" below is the number of purchases');

  const spend = hasAmounts ? timed(() => fitSpend(cohort.customers)) : null;
  if (spend && !spend.value.ok) warnings.push(`no Gamma-Gamma: ${spend.value.reason}`);
  const spendModel = spend?.value.ok ? spend.value.model : null;
  const models: Record<string, ModelFigures> = Object.fromEntries(
    Object.entries(FITS).map(([name, fit]) => [
      name,
      judgeModel(
        cohort,
        weeks,
        timed(() => fit(cohort.customers)),
        spendModel,
      ),
    ]),
  );
  const naive = judgeCounts(
    cohort,
    cohort.customers.map(({ frequency, ageWeeks }) => (ageWeeks > 0 ? (frequency * weeks) / ageWeeks : 0)),
  );
  const score = timed(() => learnValueScore(transactions, calibrationEnd, weeks));
  const scores = cohort.customers.map(score.value.score);
  const gini = {
    score: giniOf(cohort, scores),
    pastSpend: giniOf(
      cohort,
      cohort.customers.map(({ firstSpend, repeatSpend }) => firstSpend + repeatSpend),
    ),
    ...(Object.fromEntries(Object.entries(models).flatMap(([name, m]) => (m.ok ? [[name, m.gini]] : []))) as Record<string, number | null>),
  };
  return {
    task: 'cltv',
    format: file.format,
    transactions: transactions.length,
    customers: cohort.customers.length,
    repeaters: cohort.customers.filter(({ frequency }) => frequency > 0).length,
    calibration: { from: dayToText(firstDay), to: dayToText(calibrationEnd) },
    holdout: {
      to: dayToText(holdoutEnd),
      weeks,
      purchases: cohort.holdout.reduce((sum, { purchaseCount }) => sum + purchaseCount, 0),
      spend: hasAmounts ? cohort.holdout.reduce((sum, truth) => sum + truth.spend, 0) : null,
    },
    models,
    naive,
    gammaGamma: spend && {
      fitSeconds: spend.seconds,
      ...(spend.value.ok
        ? { ok: true, parameters: spend.value.model.parameters, logLikelihood: spend.value.model.logLikelihood }
        : { ok: false, reason: spend.value.reason }),
    },
    gini,
    score: {
      kind: score.value.kind,
      // Only the blend speaks in money; the fallbacks are good for an order.
      holdoutSpend: score.value.kind === 'blend' ? scores.reduce((a, b) => a + b, 0) : null,
      reason: score.value.reason,
      learnSeconds: score.seconds,
      usPerViewer: usPerViewer(cohort, score.value.score),
    },
    warnings,
  };
}

function timed<T>(work: () => T): { value: T; seconds: number } {
  const start = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - start) / 1000 };
}

function tableOf(result: ReturnType<typeof judge>): string[][] {
  const show = (value: number | null, digits = 4) => (value === null ? '-' : value.toFixed(digits));
  const rows: string[][] = [['model', 'log-lik', 'fit s', 'sum', 'MAE', 'MAE median', 'RMSE', 'r', 'AUC', 'Gini', 'cover', 'parameters']];
  for (const [name, m] of Object.entries(result.models)) {
    if (!m.ok) {
      rows.push([name, `refused: ${m.reason}`]);
      continue;
    }
    rows.push([
      name,
      show(m.logLikelihood, 2),
      show(m.fitSeconds, 2),
      show(m.holdoutSum, 0),
      show(m.mae),
      show(m.maeOfMedian),
      show(m.rmse),
      show(m.r),
      show(m.auc),
      show(m.gini),
      show(m.intervalCoverage, 3),
      Object.entries(m.parameters)
        .map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`)
        .join(' '),
    ]);
  }
  const { naive, gini, score, gammaGamma } = result;
  rows.push(['x H / T', '', '', show(naive.holdoutSum, 0), show(naive.mae), '', show(naive.rmse), show(naive.r), show(naive.auc), '']);
  rows.push([
    'truth',
    '',
    '',
    String(result.holdout.purchases),
    `of ${result.customers} customers in ${show(result.holdout.weeks, 1)} weeks`,
  ]);
  if (gammaGamma && 'parameters' in gammaGamma) {
    const { p, q, v } = gammaGamma.parameters;
    rows.push([
      'gamma-gamma',
      show(gammaGamma.logLikelihood as number, 2),
      show(gammaGamma.fitSeconds, 2),
      `p ${p.toFixed(3)} q ${q.toFixed(3)} v ${v.toFixed(3)}`,
    ]);
  }
  rows.push([
    'score',
    `Gini ${show(gini.score)} against past spend ${show(gini.pastSpend)}; ${score.kind}${score.reason === '' ? '' : ` (${score.reason})`}`,
  ]);
  const money =
    result.holdout.spend === null || score.holdoutSpend === null
      ? ''
      : `; sum ${show(score.holdoutSpend, 0)}, truth ${show(result.holdout.spend, 0)}`;
  rows.push(['', `learned in ${show(score.learnSeconds, 2)} s, ${show(score.usPerViewer, 2)} us a viewer${money}`]);
  for (const warning of result.warnings) rows.push(['note', warning]);
  return rows;
}
