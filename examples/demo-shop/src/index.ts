export { DEFAULT_PORT, type DemoShop, type DemoShopOptions, startDemoShop } from './demo-shop.ts';
export type { InspConnection } from './shop-config.ts';
