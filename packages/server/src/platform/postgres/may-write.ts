/**
 * Whether a statement outside a transaction may change something, told by its first word. A SELECT that writes through
 * a function is not seen: run such a one in a transaction.
 */
export function mayWrite(statement: string): boolean {
  const [firstWord = ''] = /[a-z]+/i.exec(statement.replace(/^(\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')) ?? [];
  return !['select', 'show', 'explain', 'values', 'table'].includes(firstWord.toLowerCase());
}
