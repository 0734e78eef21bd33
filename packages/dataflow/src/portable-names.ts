// Names every engine takes as they are, without quotes: the words reserved by Flink SQL (Calcite's list and Flink's own
// additions, less what Flink frees) or by PostgreSQL. A test asks a running server for its words.
const RESERVED: ReadonlySet<string> = new Set(
  `
  abs all allocate allow alter analyse analyze and any are array array_max_cardinality as asc asensitive asof asymmetric at atomic
  authorization avg begin begin_frame begin_partition between bigint binary bit blob boolean both buckets by bytes call called
  cardinality cascaded case cast catalogs ceil ceiling char char_length character character_length check classifier clob close
  coalesce collate collation collect column comment commit concurrently condition connect connections constraint contains continuous
  convert corr corresponding count covar_pop covar_samp create cross cube cume_dist current current_catalog current_date
  current_default_transform_group current_path current_role current_row current_schema current_time current_timestamp
  current_transform_group_for_type current_user cursor cycle databases date datetime day deallocate dec decimal declare default
  deferrable define delete dense_rank deref desc describe deterministic disallow disconnect distinct distributed distribution do
  double drop dynamic each element else empty end end_frame end_partition equals escape every except exec execute exists exp explain
  extend extended external extract false fetch filter first_value float floor for foreign frame_row free freeze freshness friday
  from full function functions fusion get global grant group grouping groups hash having hold hour identity ilike import in
  indicator initial initially inner inout insensitive insert int integer intersect intersection interval into is isnull join
  json_array json_arrayagg json_exists json_object json_objectagg json_query json_scope json_value lag language large last_value
  lateral lead leading left like like_regex limit ln local localtime localtimestamp lower match match_condition match_number
  match_recognize matches materialized max measure measures member merge method min minus minute mod models modifies modify module
  modules monday month multiset national natural nchar nclob new next no none normalize not notnull nth_value ntile null nullif
  numeric occurrences_regex octet_length of offset old omit on one only open or order ordinal out outer over overlaps overlay
  parameter partition pattern per percent percent_rank percentile_cont percentile_disc period permute placing portion position
  position_regex power precedes precision prepare prev primary procedure procedures qualify range rank raw reads real recursive ref
  references referencing refresh refresh_mode regr_avgx regr_avgy regr_count regr_intercept regr_slope regr_sxx regr_sxy regr_syy
  release rename reset result resume return returning returns revoke right rollback rollup row row_number rows running safe_cast
  safe_offset safe_ordinal saturday savepoint scala scope scroll search second seek select sensitive session_user set show similar
  skip smallint some specific specifictype sql sqlexception sqlstate sqlwarning sqrt start static stddev_pop stddev_samp stream
  string structured submultiset subset substring substring_regex succeeds sum sunday suspend symmetric system system_time
  system_user table tables tablesample then thursday time timestamp timestamp_ltz timezone_hour timezone_minute tinyint to trailing
  translate translate_regex translation treat trigger trim trim_array true truncate try_cast tuesday uescape union unique unknown
  unnest unsigned update upper upsert use user using uuid value value_of values var_pop var_samp varbinary varchar variadic variant
  varying verbose versioning views watermark watermarks wednesday when whenever where width_bucket window with within without year
`
    .trim()
    .split(/\s+/),
);

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Tells whether a table or column may bear this name on every engine. */
export function isPortableName(name: string): boolean {
  return NAME.test(name) && !RESERVED.has(name);
}
