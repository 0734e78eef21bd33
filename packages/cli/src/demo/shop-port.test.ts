import { expect, test } from 'vitest';
import { chooseShopPort, DEFAULT_SHOP_PORT } from './shop-port.ts';

const machineWith = (taken: readonly number[]) => async (port: number) => (taken.includes(port) ? null : port || 51_234);

test('a free port is taken without a word; 0 is settled before the shop starts', async () => {
  expect(await chooseShopPort(DEFAULT_SHOP_PORT, machineWith([]))).toEqual({ port: DEFAULT_SHOP_PORT, notice: null });
  expect(await chooseShopPort(4800, machineWith([]))).toEqual({ port: 4800, notice: null });
  expect(await chooseShopPort(0, machineWith([]))).toEqual({ port: 51_234, notice: null });
});

test('the default port in use gives way to the next free one, and says so', async () => {
  const chosen = await chooseShopPort(DEFAULT_SHOP_PORT, machineWith([4700, 4701]));
  expect(chosen.port).toBe(4702);
  expect(chosen.notice).toMatch(/4700 is in use.*4702.*INSP_DEMO_SHOP_PORT/);
});

test('a chosen port in use is refused with the setting to change; so is a default with no free one near', async () => {
  const refused = { code: 'INSP_CONFIG_PORT_TAKEN', message: expect.stringMatching(/127\.0\.0\.1:4800 is in use.*INSP_DEMO_SHOP_PORT/) };
  await expect(chooseShopPort(4800, machineWith([4800]))).rejects.toMatchObject(refused);
  const all = Array.from({ length: 20 }, (_, index) => DEFAULT_SHOP_PORT + index);
  expect((await chooseShopPort(DEFAULT_SHOP_PORT, machineWith(all.slice(0, -1)))).port).toBe(4719);
  await expect(chooseShopPort(DEFAULT_SHOP_PORT, machineWith(all))).rejects.toMatchObject({ code: 'INSP_CONFIG_PORT_TAKEN' });
});
