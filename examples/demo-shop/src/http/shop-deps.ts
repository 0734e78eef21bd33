import type { ConnectionSource } from '../shop-config.ts';
import type { ShopStore } from '../store/shop-store.ts';

/** What the routes need. */
export type ShopDeps = {
  store: ShopStore;
  connection: ConnectionSource;
  /** Absolute address of the shop, e.g. http://localhost:4700. */
  shopUrl: () => string;
};
