import { expect, test } from 'vitest';
import { explain, findViolations } from './boundary-rules.ts';
import { findImports, readSources, type SourceFile, withoutComments } from './source-files.ts';

test('nobody imports what is none of their business', () => {
  const files = readSources();
  expect(files.length).toBeGreaterThan(200);
  expect(findViolations(files).map(explain).join('\n\n')).toBe('');
});

const file = (path: string, text: string): SourceFile => {
  const workspace = path.split('/').slice(0, 2).join('/');
  return { path, workspace, text, code: withoutComments(text), imports: findImports(text), isSupport: path.includes('.test.') };
};
const violations = (path: string, text: string) => findViolations([file(path, text)]).map(({ what }) => what);

test('the rules see what they are for', () => {
  const chat = 'packages/server/src/modules/chat';
  expect(violations(`${chat}/moderation.ts`, "import { openDatabase } from '../../platform/postgres/database.ts';")).toHaveLength(1);
  expect(violations(`${chat}/moderation.ts`, "import type { Sql } from '../../platform/postgres/database.ts';")).toEqual([]);
  expect(violations(`${chat}/store.postgres.ts`, "import { openDatabase } from '../../platform/postgres/database.ts';")).toEqual([]);
  expect(violations(`${chat}/chat.ts`, "import { readFile } from 'node:fs/promises';")).toHaveLength(1);
  expect(violations(`${chat}/chat.ts`, 'const now = Date.now();')).toEqual(['uses Date.now(']);
  expect(violations(`${chat}/chat.ts`, '// never Date.now() here')).toEqual([]);
  expect(violations(`${chat}/chat.ts`, "import { createOrders } from '../orders/index.ts';")).toEqual(['imports behaviour of orders']);
  expect(violations(`${chat}/chat.ts`, "import type { Order } from '../orders/order.ts';")).toEqual(['imports ../orders/order.ts']);
  expect(violations('packages/server/src/kernel/clock.ts', "import { x } from '../platform/http/index.ts';")).toHaveLength(1);
  expect(violations('packages/server/src/app.ts', 'const home = process.env.HOME;')).toEqual(['reads process.env']);
  expect(violations('packages/media/src/a.ts', "import { readFile } from 'node:fs';")).toHaveLength(1);
  expect(violations('packages/models/src/a.ts', 'const x = Math.random();')).toHaveLength(1);
  expect(violations('packages/client/src/a.ts', "import { meSchema } from '@insp/protocol/schemas';")).toHaveLength(1);
  expect(violations('packages/client/src/a.ts', "import type { Me } from '@insp/protocol';")).toEqual([]);
  expect(violations('packages/player/src/a.ts', "import { createApp } from '@insp/server';")).toHaveLength(1);
  expect(violations('packages/protocol/src/money.ts', "import * as z from 'zod';")).toHaveLength(1);
  expect(violations('packages/cli/src/a.ts', "import { createApp } from '../../server/src/app.ts';")).toHaveLength(1);
});

test('imports are found in every shape, and types told from values', () => {
  const text = [
    "import { type A, type B } from './types.ts';",
    "import { type A, b } from './mixed.ts';",
    "import type C from './c.ts';",
    "import './effect.ts';",
    "export { d } from './d.ts';",
    "export type * from './e.ts';",
    "import {\n  type F,\n  g,\n} from './long.ts';",
    "const late = await import('./late.ts');",
  ].join('\n');
  expect(
    findImports(text)
      .map(({ specifier, isTypeOnly }) => `${specifier}${isTypeOnly ? ' type' : ''}`)
      .sort(),
  ).toEqual(['./types.ts type', './mixed.ts', './c.ts type', './effect.ts', './d.ts', './e.ts type', './long.ts', './late.ts'].sort());
});
