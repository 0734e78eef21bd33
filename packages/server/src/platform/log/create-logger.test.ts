import { expect, test } from 'vitest';
import { createLogger } from './create-logger.ts';

function capture(level: 'info' | 'debug', format: 'text' | 'json') {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level, format, write: (line) => lines.push(line) }) };
}

test('personal data is dropped unless the operator asks for debug', () => {
  const info = capture('info', 'json');
  info.logger.info({ pii: { to: 'jane@example.test' }, orgId: 'org_1' }, 'a mail');
  info.logger.info({ 'pii.address': 'jane street' }, 'came in');
  info.logger.child({ module: 'chat' }).info({ message: { pii: { text: 'secret words' } } }, 'posted');
  expect(info.lines.join('')).not.toMatch(/jane|secret words/);
  expect(info.lines[0]).toContain('org_1');
  const debug = capture('debug', 'json');
  debug.logger.debug({ pii: { to: 'jane@example.test' } }, 'a mail');
  expect(debug.lines[0]).toContain('jane');
});

test('text lines carry time, level, message and fields; errors their stack', () => {
  const { lines, logger } = capture('info', 'text');
  logger.warn({ pid: 7, err: new Error('broken') }, 'the database is gone');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}the database is gone pid=7\nError: broken\n/);
  logger.debug({}, 'not shown');
  expect(lines).toHaveLength(1);
});
