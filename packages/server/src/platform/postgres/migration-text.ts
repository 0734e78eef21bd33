// What a migration file says about itself. Its first line may be NO_TRANSACTION: then each statement runs by itself, and
// each must be one that may run twice, since a cut run starts again from the first.
const NO_TRANSACTION = '-- insp: without transaction';
const CONCURRENT_INDEX = /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(IF\s+NOT\s+EXISTS\s+)?([a-z_][a-z0-9_]*)\s+ON\b/i;

export type MigrationStatement = { readonly sql: string /** Of the index it builds concurrently. */; readonly indexName: string | null };
export type Migration = { readonly isTransactional: boolean; readonly text: string; readonly statements: readonly MigrationStatement[] };

/** Reads a file; throws for one outside a transaction that could not be started again. */
export function parseMigration(name: string, text: string): Migration {
  if (!text.startsWith(`${NO_TRANSACTION}\n`)) return { isTransactional: true, text, statements: [] };
  const statements = text
    .replaceAll(/^\s*--.*$/gm, '')
    // A semicolon at the end of a line ends a statement: function bodies have no place in such a file.
    .split(/;\s*(?:\n|$)/)
    .map((sql) => sql.trim())
    .filter((sql) => sql !== '')
    .map((sql) => {
      const [, ifNotExists, indexName] = CONCURRENT_INDEX.exec(sql) ?? [];
      if (indexName !== undefined && ifNotExists === undefined) throw new Error(`${name}: write CREATE INDEX CONCURRENTLY IF NOT EXISTS`);
      return { sql, indexName: indexName ?? null };
    });
  return { isTransactional: false, text, statements };
}
