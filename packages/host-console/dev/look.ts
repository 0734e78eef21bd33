// Takes a picture of every screen in every size with Chromium and runs axe on each: how the look of the console is judged
// (ui.md 7). Start: `node packages/host-console/dev/look.ts FOLDER [name part ...]`, after `vite build`. Exits with 1 when
// axe finds something.
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { idOf, kpis, type Situation } from './fake-data.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';

const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required'.split(
    ' ',
  );
const SIZES = { desk: { width: 1440, height: 900 }, tablet: { width: 1024, height: 768 }, phone: { width: 390, height: 844 } } as const;

type Screen = {
  name: string;
  path: string;
  sizes?: (keyof typeof SIZES)[];
  before?: (server: FakeServer) => void;
  act?: (page: Page, server: FakeServer) => Promise<void>;
  isLight?: boolean;
};
const live = (situation: Situation, mode = '') => `/shows/${idOf(situation)}/live${mode ? `?mode=${mode}` : ''}`;

const SCREENS: Screen[] = [
  { name: 'live-busy', path: live('busy') },
  { name: 'live-quiet', path: live('quiet') },
  ...([2, 4] as const).map(
    (level): Screen => ({
      name: `live-pressure-${level}`,
      path: live('busy'),
      act: async (page, server) => {
        server.push('pressure_changed', { level, sinceMs: Date.now() - 9 * 60_000, cause: 'queueAgeMs', isForced: false, disk: 'open' });
        const { totals, ...parts } = kpis('busy', Date.now(), true);
        const estimated = ['productClickCount', 'clickCount', 'impressionCount', 'watchingMean', 'watchingMax', 'peakWatchingCount'];
        server.push('kpis_changed', { totals, ...parts, sampling: { sinceMs: Date.now() - 9 * 60_000, greatestLevel: level, estimated } });
        if (level === 4) await page.getByRole('button', { name: /New viewers wait/ }).click();
      },
    }),
  ),
  { name: 'live-encoder-lost', path: live('encoder_lost') },
  { name: 'live-sold-out', path: live('sold_out') },
  { name: 'live-waiting', path: live('waiting'), sizes: ['desk'] },
  { name: 'live-paused', path: live('paused'), sizes: ['desk'] },
  { name: 'live-busy-light', path: live('busy'), sizes: ['desk'], isLight: true },
  { name: 'live-moderator', path: live('busy', 'moderator') },
  { name: 'live-moderator-role', path: live('busy', 'moderator'), before: (server) => server.set({ role: 'moderator' }), sizes: ['desk'] },
  { name: 'live-producer-as-moderator', path: live('busy'), before: (server) => server.set({ role: 'moderator' }), sizes: ['desk'] },
  {
    name: 'live-sell-iq',
    path: live('busy'),
    sizes: ['desk'],
    act: async (page) => {
      await page.getByText('Sell IQ', { exact: true }).click();
      await page.keyboard.press('Tab');
    },
  },
  {
    name: 'live-undo-hover',
    path: live('busy'),
    sizes: ['desk'],
    act: async (page, server) => {
      const line = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').nth(-3);
      await line.hover();
      await line.getByRole('button', { name: /Remove the message/ }).click();
      for (let seq = 201; seq <= 203; seq += 1)
        server.push('chat_message_posted', {
          id: `msg_${seq}`,
          seq,
          author: { kind: 'viewer', id: 'vwr_9', name: 'Ben', isBuyer: false, isSimulated: false },
          text: 'hello',
          postedAt: Date.now(),
          platform: 'insp',
        });
    },
  },
  {
    name: 'live-phone-chat',
    path: live('busy'),
    sizes: ['phone'],
    act: (page) => page.getByRole('button', { name: 'Chat', exact: true }).click(),
  },
  {
    name: 'live-phone-room',
    path: live('busy'),
    sizes: ['phone'],
    act: (page) => page.getByRole('button', { name: 'Room', exact: true }).click(),
  },
  {
    name: 'live-restream',
    path: live('busy'),
    act: (page) => page.getByRole('button', { name: /Hearth & Goods on Facebook/ }).click(),
  },
  {
    name: 'live-restream-failed',
    path: live('sold_out'),
    sizes: ['desk'],
    isLight: true,
    act: (page) => page.getByRole('button', { name: /Hearth & Goods on Facebook/ }).click(),
  },
  {
    name: 'live-restream-none',
    path: live('quiet'),
    sizes: ['desk'],
    act: (page) => page.getByRole('button', { name: 'Restream' }).click(),
  },
  {
    name: 'live-restream-add',
    path: live('busy'),
    sizes: ['desk', 'phone'],
    act: async (page) => {
      await page.getByRole('button', { name: /Hearth & Goods on Facebook/ }).click();
      await page.getByRole('button', { name: 'Add a target' }).click();
      await page.getByText('Facebook', { exact: true }).last().click();
    },
  },
  {
    name: 'plan-restream',
    path: `/shows/${idOf('scheduled')}`,
    sizes: ['desk', 'phone'],
    act: (page) => page.getByRole('heading', { name: 'Show it elsewhere too' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'live-health',
    path: live('sold_out'),
    sizes: ['desk', 'phone'],
    act: (page) => page.getByRole('button', { name: /Your upload/ }).click(),
  },
  { name: 'live-health-fine', path: live('busy'), sizes: ['desk'], act: (page) => page.getByRole('button', { name: /kbit/ }).click() },
  {
    name: 'live-kept',
    path: live('quiet'),
    sizes: ['desk'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Keep live' }).first().click();
      await page.getByText('Is this show still on?').waitFor({ state: 'detached' });
    },
  },
  { name: 'live-keys', path: live('busy'), sizes: ['desk'], act: (page) => page.keyboard.press('?') },
  { name: 'live-end', path: live('busy'), sizes: ['desk'], act: (page) => page.getByRole('button', { name: 'End show' }).click() },
  { name: 'live-ended', path: live('ended'), sizes: ['desk'] },
  { name: 'glance', path: live('busy', 'glance') },
  { name: 'glance-quiet', path: live('quiet', 'glance'), sizes: ['tablet'] },
  { name: 'shows', path: '/' },
  { name: 'plan-empty', path: `/shows/${idOf('draft')}` },
  { name: 'plan', path: `/shows/${idOf('scheduled')}` },
  { name: 'plan-light', path: `/shows/${idOf('scheduled')}`, sizes: ['desk'], isLight: true },
  {
    name: 'plan-key',
    path: `/shows/${idOf('draft')}`,
    sizes: ['desk'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a key', exact: true }).click();
      await page.getByRole('textbox', { name: 'Stream key' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'plan-picker',
    path: `/shows/${idOf('scheduled')}`,
    sizes: ['desk'],
    act: (page) => page.getByRole('button', { name: 'Add products' }).click(),
  },
  {
    name: 'plan-import',
    path: `/shows/${idOf('scheduled')}`,
    sizes: ['desk'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Import' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    },
  },
  { name: 'report', path: `/shows/${idOf('ended')}/report` },
  { name: 'report-light', path: `/shows/${idOf('ended')}/report`, sizes: ['desk'], isLight: true },
  {
    name: 'report-formula',
    path: `/shows/${idOf('ended')}/report`,
    sizes: ['desk'],
    act: (page) =>
      page
        .getByRole('button', { name: /^Direct GMV/ })
        .first()
        .click(),
  },
  { name: 'settings', path: '/settings/organization' },
  { name: 'settings-store', path: '/settings/store', sizes: ['desk'] },
  { name: 'settings-members', path: '/settings/members' },
  { name: 'settings-developer', path: '/settings/developer', sizes: ['desk'] },
  { name: 'sign-in', path: '/sign-in', before: (server) => server.set({ isSignedIn: false }) },
  {
    name: 'sign-in-refused',
    path: '/sign-in',
    sizes: ['desk'],
    before: (server) => server.set({ isSignedIn: false }),
    act: async (page) => {
      await page.getByLabel('E-mail').fill('lea@hearth.example');
      await page.locator('input[type=password]').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
  },
  { name: 'register', path: '/register', sizes: ['desk'], before: (server) => server.set({ isSignedIn: false }) },
];

const [folder = join(tmpdir(), 'insp-look'), ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await startFakeServer();
const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'insp-look-profile-')), {
  executablePath: '/usr/bin/chromium',
  args: ARGS,
  bypassCSP: true,
});
let violationCount = 0;

for (const screen of SCREENS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))) {
  for (const size of screen.sizes ?? (Object.keys(SIZES) as (keyof typeof SIZES)[])) {
    server.set({ role: 'owner', isSignedIn: true });
    screen.before?.(server);
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log(`  page error: ${error.message}`));
    page.on(
      'console',
      (line) => line.type() === 'error' && !line.text().includes('401') && console.log(`  console: ${line.text().slice(0, 300)}`),
    );
    await page.setViewportSize(SIZES[size]);
    await page.addInitScript((scheme) => localStorage.setItem('mantine-color-scheme-value', scheme), screen.isLight ? 'light' : 'dark');
    await page.goto(`${server.base}/console${screen.path}`);
    await page.waitForTimeout(900);
    if (/^live-(busy|quiet|sold|waiting)/.test(screen.name))
      await page
        .locator('video[data-state=playing]')
        .waitFor({ timeout: 6_000 })
        .catch(() => console.log('  no picture'));
    await screen.act?.(page, server).catch((error) => console.log(`  act: ${String(error).slice(0, 300)}`));
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${screen.name}-${size}.png`), fullPage: !screen.name.startsWith('live') });
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await (
        window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }> };
        }
      ).axe.run();
      const overflowPx = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      return { violations, overflowPx };
    });
    violationCount += found.violations.length;
    console.log(
      `${screen.name} ${size}: ${found.violations.length} violations${found.overflowPx > 0 ? `, ${found.overflowPx} px too wide` : ''}`,
    );
    for (const { id, help, nodes } of found.violations) {
      console.log(`  ${id}: ${help} (${nodes.length})`);
      for (const node of nodes.slice(0, 3))
        console.log(`    ${node.html.slice(0, 160)}\n    ${node.failureSummary.replaceAll('\n', ' ').slice(0, 260)}`);
    }
    await page.close();
  }
}
await context.close();
await server.stop();
process.exit(violationCount > 0 ? 1 : 0);
