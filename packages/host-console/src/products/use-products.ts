// Products by id, for lists that only hold ids. Read a page at a time and kept; the catalogue of a shop with
// thousands is never loaded whole: what no page held is asked for by itself.

import type { Product } from '@insp/protocol';
import { useQueries, useQuery } from '@tanstack/react-query';
import { readProduct, searchProducts } from '../api/products.ts';
import { queryKeys } from '../api/query-keys.ts';

export function useProducts(productIds: readonly string[]): ReadonlyMap<string, Product> {
  const page = useQuery({ queryKey: queryKeys.products(''), queryFn: () => searchProducts('') });
  const known = new Map((page.data?.data ?? []).map((product) => [product.id as string, product]));
  const missing = page.isPending ? [] : productIds.filter((id) => !known.has(id));
  const single = useQueries({
    queries: missing.map((id) => ({ queryKey: queryKeys.product(id), queryFn: () => readProduct(id), staleTime: 60_000 })),
  });
  for (const { data } of single) if (data) known.set(data.id, data);
  return known;
}
