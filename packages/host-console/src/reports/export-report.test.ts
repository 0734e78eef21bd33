import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvOf, fileName } from './export-report.ts';

test('cells are quoted where they must be', () => {
  expect(['plain', 'a,b', 'say "x"', 'two\nlines'].map(csvCell)).toEqual(['plain', '"a,b"', '"say ""x"""', '"two\nlines"']);
});
test.each(['=1+1', '+1', '-1', '@x'])('a text that a spreadsheet would run is disarmed: %s', (text) =>
  expect(csvCell(text)).toBe(`'${text}`),
);
test('a number stays a number, also below zero', () => expect([csvCell(-5), csvCell(null)]).toEqual(['-5', '']));
test('any text comes back from its cell', () => {
  const read = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell).replace(/^'(?=[=+\-@\t\r])/, '');
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^'+[=+\-@\t\r]/.test(text)); // these look disarmed already
      expect(read(csvCell(text))).toBe(text);
    }),
  );
});
test('rows end as RFC 4180 says', () => expect(csvOf(['a', 'b'], [[1, null]])).toBe('a,b\r\n1,\r\n'));
test('a file is named after show and day', () => {
  const report = { show: { id: 'shw_1', title: 'Spring Drop: linen!', liveAt: Date.UTC(2026, 2, 5), createdAt: 0 } } as never;
  expect(fileName(report, 'highlights', 'csv')).toBe('spring-drop-linen-2026-03-05-highlights.csv');
});
