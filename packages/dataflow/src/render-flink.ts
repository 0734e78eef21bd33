// The same definitions as one Flink SQL job (events-and-store.md 4.2): a Kafka table for each stream, a JDBC table for
// each definition, and all INSERTs in one statement set, so that they share the sources. `${NAME}` is filled in by
// whoever submits it. A sink's key is the GROUP BY key, so its rows are upserts of absolute values: idempotent.
import { type AggregateDefinition, measuresOf, type Predicate } from './aggregate.ts';
import { type ColumnType, LOG_COLUMNS } from './log-columns.ts';
import { checkPortable, FLINK_COLUMNS } from './portability.ts';
import { renderSelect } from './render-postgres.ts';

const FLINK_TYPES: Readonly<Record<ColumnType, string>> = {
  bigint: 'BIGINT',
  integer: 'INT',
  smallint: 'SMALLINT',
  text: 'STRING',
  boolean: 'BOOLEAN',
};

export type FlinkJob = {
  readonly definitions: readonly AggregateDefinition[];
  /** All streams; the topic of `engage` is `ev.engage`. */
  readonly streams: readonly string[];
  /** In which stream events of a type travel. */
  streamOfType(code: number): string;
};

/** Groups by time end by themselves; their state may go 6 h after the last event. */
const BUCKETS: ReadonlySet<string> = new Set(['b10s', 'b1m', 'b1d']);
/** What is keyed by a show or a person must outlive refunds and come-backs: a state that was dropped would count from 1 again. */
const LIFETIME_TTL = '400 d';

/** A value whoever submits the job fills in. */
const given = (name: string) => `$\{${name}}`;

const SETTINGS = `SET 'execution.checkpointing.interval' = '10s';
SET 'execution.checkpointing.dir' = '${given('CKPT_URI')}';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1s';
SET 'table.exec.mini-batch.size' = '20000';
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
SET 'table.exec.state.ttl' = '6 h';
SET 'parallelism.default' = '${given('PARALLELISM')}';`;

const options = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries)
    .map(([key, value]) => `  '${key}' = '${value}'`)
    .join(',\n');

/** The Kafka table of a stream. One bad record must not stop the job: it is skipped, and the alarm is on the drops. */
export function renderFlinkSource(stream: string): string {
  const columns = FLINK_COLUMNS.map((name) => `  ${name} ${FLINK_TYPES[LOG_COLUMNS[name].type]}`).join(',\n');
  const settings = options({
    connector: 'kafka',
    topic: `ev.${stream}`,
    'properties.bootstrap.servers': given('BROKERS'),
    'properties.group.id': 'insp-kpi',
    'scan.startup.mode': 'earliest-offset',
    format: 'json',
    'json.fail-on-missing-field': 'false',
    'json.ignore-parse-errors': 'true',
  });
  return `CREATE TABLE ev_${stream} (\n${columns}\n) WITH (\n${settings}\n);`;
}

/** The JDBC table a definition is written to. */
export function renderFlinkSink(definition: AggregateDefinition): string {
  checkPortable(definition);
  const keys = definition.keys.map((key) => `  ${key} ${FLINK_TYPES[LOG_COLUMNS[key].type]}`);
  const measures = measuresOf(definition).map(
    ([name, { op, column }]) => `  ${name} ${op === 'sum' ? 'BIGINT' : FLINK_TYPES[LOG_COLUMNS[column].type]}`,
  );
  const columns = [...keys, ...measures, `  PRIMARY KEY (${definition.keys.join(', ')}) NOT ENFORCED`].join(',\n');
  const settings = options({
    connector: 'jdbc',
    url: `jdbc:postgresql://${given('DB')}?reWriteBatchedInserts=true`,
    username: given('DB_USER'),
    password: given('DB_PASSWORD'),
    'table-name': `flink_${definition.name}`,
    'sink.buffer-flush.max-rows': '2000',
    'sink.buffer-flush.interval': '1s',
    'sink.max-retries': '10',
  });
  return `-- ${definition.doc}\nCREATE TABLE ${definition.name} (\n${columns}\n) WITH (\n${settings}\n);`;
}

/** Fills the sink from a table or view of events. */
export function renderFlinkInsert(definition: AggregateDefinition, source: string): string {
  checkPortable(definition);
  const isBucketed = definition.keys.some((key) => BUCKETS.has(key));
  const select = renderSelect(definition, source);
  const hinted = isBucketed ? select : select.replace('SELECT ', `SELECT /*+ STATE_TTL('${source}' = '${LIFETIME_TTL}') */ `);
  return `INSERT INTO ${definition.name}\n${hinted};`;
}

/** The streams whose events a definition can count at all, in the order of the job. */
export function streamsOf(definition: AggregateDefinition, job: Pick<FlinkJob, 'streams' | 'streamOfType'>): string[] {
  const types = typesOf(definition.where);
  const wanted = types === null ? job.streams : types.map((code) => job.streamOfType(code));
  return job.streams.filter((stream) => wanted.includes(stream));
}

/** The types a condition leaves, or null when it leaves any. */
function typesOf(predicate: Predicate): readonly number[] | null {
  if ('all' in predicate) return predicate.all.map(typesOf).find((types) => types !== null) ?? null;
  return 'oneOf' in predicate && predicate.column === 'type' ? predicate.oneOf.map(Number) : null;
}

/** The whole job as text. */
export function renderFlinkJob(job: FlinkJob): string {
  const sourceOf = (definition: AggregateDefinition) => `ev_${streamsOf(definition, job).join('_')}`;
  const unions = new Map<string, string[]>();
  for (const definition of job.definitions) {
    const streams = streamsOf(definition, job);
    if (streams.length > 1) unions.set(sourceOf(definition), streams);
  }
  const views = [...unions].map(([name, streams]) => {
    const parts = streams.map((stream) => `SELECT ${FLINK_COLUMNS.join(', ')} FROM ev_${stream}`);
    return `CREATE TEMPORARY VIEW ${name} AS\n${parts.join('\nUNION ALL ')};`;
  });
  const inserts = job.definitions.map((definition) => renderFlinkInsert(definition, sourceOf(definition)));
  return [
    SETTINGS,
    ...job.streams.map(renderFlinkSource),
    ...views,
    ...job.definitions.map(renderFlinkSink),
    `EXECUTE STATEMENT SET BEGIN\n${inserts.join('\n')}\nEND;`,
  ].join('\n\n');
}
