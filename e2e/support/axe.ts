// What axe says of a page: rules of WCAG 2 A and AA, in shadow roots too.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** One line for each rule that is broken, with the nodes; empty when all is well. */
export async function violations(page: Page, within?: string): Promise<string[]> {
  // Not as a script element: the pages' own policies forbid one.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async (selector) => {
    type Axe = { run(context: unknown, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run(selector ?? document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }, within);
}
