// Who took part: chat, reactions, answers.
import { type Metric, plain, quotient } from './metric.ts';

export const engagementMetrics: readonly Metric[] = [
  quotient({
    name: 'chatRate',
    label: 'Chat rate',
    version: 1,
    unit: 'ratio',
    of: 'chatterCount',
    per: ['viewerCount'],
    definition: 'Share of viewers who wrote at least once.',
  }),
  quotient({
    name: 'messagesPerChatter',
    label: 'Messages each',
    version: 1,
    unit: 'count',
    of: 'messageCount',
    per: ['chatterCount'],
    definition: 'Messages per person who wrote.',
  }),
  quotient({
    name: 'likeRate',
    label: 'Like rate',
    version: 1,
    unit: 'ratio',
    of: 'reactorCount',
    per: ['viewerCount'],
    definition: 'Share of viewers who sent at least one reaction.',
  }),
  quotient({
    name: 'answerRate',
    label: 'Answer rate',
    version: 1,
    unit: 'ratio',
    of: 'closedQuestionCount',
    per: ['closedQuestionCount', 'openQuestionCount'],
    definition: 'Groups of questions marked answered, of all that were asked.',
  }),
  plain({
    name: 'answerP50',
    label: 'Answered in, p50',
    version: 1,
    unit: 'ms',
    of: 'answerP50Ms',
    definition: 'Half of the answered groups stood open no longer (nearest rank).',
  }),
  plain({
    name: 'answerP95',
    label: 'Answered in, p95',
    version: 1,
    unit: 'ms',
    of: 'answerP95Ms',
    definition: '95 of 100 answered groups stood open no longer (nearest rank).',
  }),
];
