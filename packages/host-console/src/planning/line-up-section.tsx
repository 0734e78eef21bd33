import { LIMITS, type LineUpItem, type OrganizationSettings, type Product, type ReadinessItem, type Show } from '@insp/protocol';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useActive } from '../accounts/session.tsx';
import { searchProducts } from '../api/products.ts';
import { queryKeys } from '../api/query-keys.ts';
import { replaceLineUp } from '../api/shows.ts';
import { useProducts } from '../products/use-products.ts';
import { Icon } from '../ui/icons.tsx';
import { tellDone, tellRefused } from '../ui/notices.tsx';
import { EmptyState } from '../ui/states.tsx';
import { LineUpEditor } from './line-up-editor.tsx';
import { PlanSection } from './plan-section.tsx';
import { ProductImport } from './product-import.tsx';
import { ProductPicker } from './product-picker.tsx';

/** The products of the show in their order. Every change is saved at once, and taken back with the reason if refused. */
export function LineUpSection({
  show,
  item,
  organization,
}: {
  show: Show;
  item: ReadinessItem | null;
  organization: OrganizationSettings | null;
}) {
  const queries = useQueryClient();
  const permissions = useActive()?.permissions ?? [];
  const canPlan = permissions.includes('show.plan');
  const [isPicking, setIsPicking] = useState(false);
  const [isImporting, setIsImporting] = useState(false);
  const known = useProducts(show.lineUp.map(({ productId }) => productId));
  const firstPage = useQuery({ queryKey: queryKeys.products(''), queryFn: () => searchProducts('') });
  // Changes are sent one after another, each with the version the last one answered.
  const version = useRef(show.version);
  version.current = Math.max(version.current, show.version);
  const saving = useMutation({
    scope: { id: `line-up-${show.id}` },
    mutationFn: (items: readonly LineUpItem[]) => replaceLineUp(show.id, version.current, [...items]),
    onMutate: (items) => {
      const before = queries.getQueryData<Show>(queryKeys.show(show.id));
      if (before) queries.setQueryData<Show>(queryKeys.show(show.id), { ...before, lineUp: [...items] });
      return { before };
    },
    onSuccess: (saved) => {
      version.current = saved.version;
      queries.setQueryData(queryKeys.show(show.id), saved);
      void queries.invalidateQueries({ queryKey: queryKeys.readiness(show.id) });
    },
    onError: (error, _items, context) => {
      if (context?.before) queries.setQueryData(queryKeys.show(show.id), context.before);
      void queries.invalidateQueries({ queryKey: queryKeys.show(show.id) });
      tellRefused('The line-up was not changed', error);
    },
  });
  const change = (items: readonly LineUpItem[], words?: string) => {
    const before = show.lineUp;
    if (items === before) return;
    saving.mutate(items);
    if (words) tellDone(words, () => saving.mutate(before), 'line-up');
  };
  const hasNoProducts = firstPage.data?.data.length === 0;
  return (
    <PlanSection
      id="products"
      title="Products"
      item={item}
      aside={
        canPlan ? (
          <>
            {permissions.includes('product.manage') ? (
              <Button variant="subtle" color="gray" onClick={() => setIsImporting(true)}>
                Import
              </Button>
            ) : null}
            <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => setIsPicking(true)} disabled={hasNoProducts}>
              Add products
            </Button>
          </>
        ) : null
      }
    >
      {show.lineUp.length === 0 ? (
        <EmptyState
          title={hasNoProducts ? 'No products in Insp yet' : 'The line-up is empty'}
          action={
            canPlan ? (
              hasNoProducts ? (
                <Button onClick={() => setIsImporting(true)}>Import products</Button>
              ) : (
                <Button onClick={() => setIsPicking(true)}>Add products</Button>
              )
            ) : null
          }
        >
          {hasNoProducts
            ? 'Import them from the feed of your shop; nothing is ever deleted by an import.'
            : `Pick what you will show, up to ${LIMITS.productsPerShow}. The order is the order on air.`}
        </EmptyState>
      ) : (
        <LineUpEditor items={show.lineUp} products={known} isLocked={!canPlan} onChange={change} />
      )}
      <ProductPicker isOpen={isPicking} onClose={() => setIsPicking(false)} items={show.lineUp} onChange={change} />
      <ProductImport isOpen={isImporting} onClose={() => setIsImporting(false)} feedUrl={organization?.productFeedUrl ?? null} />
    </PlanSection>
  );
}

export type KnownProducts = ReadonlyMap<string, Product>;
