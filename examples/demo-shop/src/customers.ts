// The demo's customers: signing in is choosing who you are. A real shop has passwords here; what matters to the
// integration is only that the server knows a stable customer id.
export type Customer = { id: string; name: string; email: string; since: string };

export const DEMO_CUSTOMERS: readonly Customer[] = [
  { id: 'c-1001', name: 'Mara Lindqvist', email: 'mara@example.com', since: '2023' },
  { id: 'c-1002', name: 'Jonas Weber', email: 'jonas@example.com', since: '2024' },
  { id: 'c-1003', name: 'Li Wei', email: 'li.wei@example.com', since: '2024' },
  { id: 'c-1004', name: 'Amélie Roux', email: 'amelie@example.com', since: '2025' },
  { id: 'c-1005', name: 'Noor Haddad', email: 'noor@example.com', since: '2026' },
];

export const findCustomer = (id: string | undefined): Customer | undefined => DEMO_CUSTOMERS.find((customer) => customer.id === id);
