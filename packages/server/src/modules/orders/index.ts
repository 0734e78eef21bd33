export type { Buyer, CustomerOrders } from './order-store.postgres.ts';
export { ordersRoutes } from './orders.http.ts';
export { createOrders, type Orders, type OrdersDeps } from './orders.ts';
export type { OrdersPorts } from './ports.ts';
