// A metric is data: name, version, the figures it is made of, and one sentence. Its formula is written from the same
// parts it is computed from, so the text behind a number cannot say something else than the number does. A quotient
// names its denominator (`per`); where there is nothing to divide by, there is no value.

/** What the views of migration 000071, the running figures and the other modules tell of a show. */
export type MetricFigures = {
  readonly viewerCount: number;
  readonly visitCount: number;
  readonly effectiveViewCount: number;
  readonly watchTimeMs: number;
  readonly watchingSum: number;
  readonly watchingSampleCount: number;
  readonly watchingMax: number;
  /** floor(epoch ms / 60,000) of the first minute with the most viewers. */
  readonly peakMinute: number | null;
  readonly chatterCount: number;
  readonly reactorCount: number;
  readonly adderCount: number;
  readonly buyerCount: number;
  readonly buyerUnitCount: number;
  readonly messageCount: number;
  readonly impressionCount: number;
  readonly clickCount: number;
  readonly cartAddCount: number;
  readonly orderCount: number;
  readonly gmvMinor: number;
  readonly refundedMinor: number;
  /** Null when nothing was sold, or in several currencies: then no sum is money. */
  readonly currency: string | null;
  readonly closedQuestionCount: number;
  readonly openQuestionCount: number;
  readonly answerP50Ms: number | null;
  readonly answerP95Ms: number | null;
  readonly attributedOrderCount: number;
  readonly unattributedOrderCount: number;
};
type Name = keyof Omit<MetricFigures, 'currency'>;

export type MetricUnit = 'count' | 'ratio' | 'ms' | 'minor' | 'minute';
export type Metric = {
  readonly name: string;
  readonly label: string;
  readonly version: number;
  readonly unit: MetricUnit;
  /** Hidden from who may not see turnover. */
  readonly isTurnover: boolean;
  readonly definition: string;
  /** Over the names of figures. */
  readonly formula: string;
  /** The figures of the formula, in its order. */
  readonly parts: readonly Name[];
  compute(figures: MetricFigures): number | null;
};

type Words = Pick<Metric, 'name' | 'label' | 'version' | 'unit' | 'definition'>;

/** A figure as it is. */
export function plain(words: Words & { of: Name }): Metric {
  const { of, ...rest } = words;
  return { ...rest, isTurnover: false, formula: of, parts: [of], compute: (figures) => figures[of] };
}

/** Money made of sums and differences; null unless it is in one currency. */
export function money(words: Omit<Words, 'unit'> & { of: Name; less?: Name }): Metric {
  const { of, less, ...rest } = words;
  return {
    ...rest,
    unit: 'minor',
    isTurnover: true,
    formula: less === undefined ? of : `${of} - ${less}`,
    parts: less === undefined ? [of] : [of, less],
    compute: (figures) => (figures.currency === null ? null : (figures[of] ?? 0) - (less === undefined ? 0 : (figures[less] ?? 0))),
  };
}

/**
 * `of x times / sum of per`. A ratio is exact, a mean count has two places, ms and money are whole; halves go up.
 * Example: `quotient({ name: 'ctr', of: 'clickCount', per: ['impressionCount'], ... })`.
 */
export function quotient(words: Words & { of: Name; per: readonly Name[]; times?: number }): Metric {
  const { of, per, times = 1, ...rest } = words;
  const isTurnover = rest.unit === 'minor';
  const denominator = per.length === 1 ? per[0] : `(${per.join(' + ')})`;
  return {
    ...rest,
    isTurnover,
    formula: `${of}${times === 1 ? '' : ` x ${times}`} / ${denominator}`,
    parts: [of, ...per],
    compute(figures) {
      const top = (figures[of] ?? 0) * times;
      const bottom = per.reduce((sum, name) => sum + (figures[name] ?? 0), 0);
      if (bottom === 0 || (isTurnover && figures.currency === null)) return null;
      if (rest.unit === 'ratio') return top / bottom;
      return rest.unit === 'count' ? roundHalfUp(top * 100, bottom) / 100 : roundHalfUp(top, bottom);
    },
  };
}

/** In whole numbers, so that every engine comes to the same. */
function roundHalfUp(top: number, bottom: number): number {
  return Math.floor((2 * top + bottom) / (2 * bottom));
}
