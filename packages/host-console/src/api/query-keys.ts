// One name for every cached answer, so that what invalidates and what reads cannot drift apart.
export const queryKeys = {
  me: ['me'] as const,
  organization: ['organization'] as const,
  members: ['members'] as const,
  invitations: ['invitations'] as const,
  invitation: (id: string) => ['invitation', id] as const,
  apiKeys: ['api-keys'] as const,
  rejectedEventCounts: ['rejected-events', 'counts'] as const,
  rejectedEvents: ['rejected-events', 'newest'] as const,
  shows: ['shows'] as const,
  show: (showId: string) => ['show', showId] as const,
  readiness: (showId: string) => ['readiness', showId] as const,
  restreamTargets: (showId: string) => ['restream-targets', showId] as const,
  report: (showId: string) => ['report', showId] as const,
  orders: (showId: string) => ['orders', showId] as const,
  products: (text: string) => ['products', text] as const,
  product: (productId: string) => ['products', 'one', productId] as const,
};
