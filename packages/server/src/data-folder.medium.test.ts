import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSettings } from './config/index.ts';
import { settleDataFolder } from './data-folder.ts';

test.runIf(process.getuid?.() === 0)(
  'root in a folder closed to others keeps the data elsewhere, always in the same place; a chosen folder stays',
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'insp-home-'));
    const given = parseSettings({}, []);
    const at = (dataDir: string) => ({ ...given, settings: { ...given.settings, dataDir } });
    const moved = await settleDataFolder(at(join(home, '.insp')));
    expect(moved).toMatchObject({ closed: home, settings: { dataDir: expect.stringMatching(/^\/var\/lib\/insp\/data-[0-9a-f]{12}$/) } });
    expect(await settleDataFolder(at(join(home, '.insp')))).toEqual(moved);

    const chosen = { ...at(join(home, '.insp')), sources: { ...given.sources, dataDir: 'flag' as const } };
    expect((await settleDataFolder(chosen)).settings.dataDir).toBe(join(home, '.insp'));
    await chmod(home, 0o755);
    expect((await settleDataFolder(at(join(home, '.insp')))).settings.dataDir).toBe(join(home, '.insp'));
    await rm(home, { recursive: true });
  },
);
