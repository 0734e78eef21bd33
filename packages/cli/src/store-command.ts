// `insp store check`: prints what a database keeps of what Insp relies on. Exit code 0: usable, 1: not, 2: asked wrongly,
// 130: interrupted (and cleaned up).
import { parseArgs } from 'node:util';
import { checkStore, formatVerdicts, isUsable, judgeFindings, parseReadAddresses } from '@insp/server';
import { sayFault } from './say-fault.ts';

const USAGE = `insp store check --url postgres://... [--read-url postgres://...]...

  --url         the primary: the address for DATABASE_URL
  --read-url    an address to read from; again for each; ?insp_kind=endpoint or global_endpoint marks a cluster endpoint
  --rows N      rows of the large table (default 200000, at most 10000000)
  --pairs N     writes followed by a read, for each address (default 300, at most 100000)
  --json        findings and verdicts as one JSON object

It works in a schema of its own, insp_check_..., which it drops, also on Ctrl-C.
`;
const LIMITS = { rows: 10_000_000, pairs: 100_000 } as const;

type Asked = { url: string; readUrls: readonly string[]; rowCount: number; pairCount: number; isJson: boolean };

function readCount(text: string, limit: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > limit) throw new RangeError(`a count is 1 to ${limit}, not "${text}"`);
  return count;
}

/** Null when only help is wanted; throws for what cannot be read. */
function readArguments(args: readonly string[]): Asked | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      'read-url': { type: 'string', multiple: true },
      rows: { type: 'string', default: '200000' },
      pairs: { type: 'string', default: '300' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  if (values.url === undefined) throw new TypeError('--url is missing');
  return {
    url: values.url,
    readUrls: values['read-url'] ?? [],
    rowCount: readCount(values.rows, LIMITS.rows),
    pairCount: readCount(values.pairs, LIMITS.pairs),
    isJson: values.json,
  };
}

export async function runStoreCommand([what, ...args]: readonly string[]): Promise<void> {
  let asked: Asked | null;
  try {
    if (what !== 'check') throw new TypeError('the one thing to do here is check');
    asked = readArguments(args);
  } catch (cause) {
    process.stderr.write(`insp store: ${(cause as Error).message}.\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (asked === null) {
    process.stdout.write(USAGE);
    return;
  }
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const findings = await checkStore({
      ...{ url: asked.url, rowCount: asked.rowCount, pairCount: asked.pairCount, signal: interrupted.signal },
      readers: parseReadAddresses(asked.readUrls.join(',')),
      onProgress: (part) => process.stderr.write(`checking: ${part}\n`),
    });
    const verdicts = judgeFindings(findings);
    process.stdout.write(asked.isJson ? `${JSON.stringify({ findings, verdicts })}\n` : `${formatVerdicts(verdicts)}\n`);
    process.exitCode = isUsable(verdicts) ? 0 : 1;
  } catch (cause) {
    if (!interrupted.signal.aborted) return sayFault(cause);
    process.stderr.write('insp store check: interrupted; what it made is dropped.\n');
    process.exitCode = 130;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
