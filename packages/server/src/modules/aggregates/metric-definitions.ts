// What the metrics of a report need beside the running figures: sessions, the span of the show, answered questions.
// Created by migration 000071, which also has the views over them.
import type { AggregateDefinition, LogColumn, Predicate } from '@insp/dataflow';
import type { EventName } from '@insp/protocol';
import { eventDefinitions } from '@insp/protocol/schemas';

const is = (...names: EventName[]): Predicate => ({ column: 'type', oneOf: names.map((name) => eventDefinitions[name].code) });
const set = (...columns: LogColumn[]): Predicate[] => columns.map((column) => ({ column, isSet: true }));

export const metricDefinitions = {
  showSession: {
    name: 'agg_show_session',
    doc: 'A session of a viewer in a show: when it began and ended, and what was watched in it.',
    keys: ['show_id', 'subject_id'],
    where: { all: [...set('show_id', 'subject_id'), is('realtime.viewer_joined', 'realtime.viewer_left')] },
    measures: {
      org_id: { op: 'min', column: 'org_id' },
      viewer_id: { op: 'min', column: 'viewer_id' },
      joined_at_ms: { op: 'min', column: 'occurred_at_ms', where: is('realtime.viewer_joined') },
      left_at_ms: { op: 'max', column: 'occurred_at_ms', where: is('realtime.viewer_left') },
      watched_ms: { op: 'sum', column: 'amount_minor', where: is('realtime.viewer_left') },
    },
  },
  showState: {
    name: 'agg_show_state',
    doc: 'A state a show has been in: when it came to it first and last.',
    keys: ['show_id', 'kind'],
    where: { all: [...set('show_id', 'kind'), is('shows.state_changed')] },
    measures: {
      org_id: { op: 'min', column: 'org_id' },
      first_at_ms: { op: 'min', column: 'occurred_at_ms' },
      last_at_ms: { op: 'max', column: 'occurred_at_ms' },
    },
  },
  showQuestion: {
    name: 'agg_show_question',
    doc: 'A group of questions that was answered, and how long it had stood open.',
    keys: ['show_id', 'subject_id'],
    where: { all: [...set('show_id', 'subject_id'), is('insights.question_closed')] },
    measures: {
      org_id: { op: 'min', column: 'org_id' },
      open_ms: { op: 'max', column: 'amount_minor' },
    },
  },
} as const satisfies Record<string, AggregateDefinition>;
