import { LIMITS, type LineUpItem } from '@insp/protocol';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { searchProducts } from '../api/products.ts';
import { queryKeys } from '../api/query-keys.ts';
import { ProductThumb } from '../products/product-thumb.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { EmptyState, LoadingLines, Problem } from '../ui/states.tsx';
import { factsOf } from './line-up-editor.tsx';
import { addItem, removeItem } from './line-up-order.ts';
import classes from './product-picker.module.css';

type Props = { isOpen: boolean; onClose: () => void; items: readonly LineUpItem[]; onChange: (items: readonly LineUpItem[]) => void };

/** Ticks products in and out of the line-up; each tick is saved at once. */
export function ProductPicker({ isOpen, onClose, items, onChange }: Props) {
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const products = useQuery({
    queryKey: queryKeys.products(wanted),
    queryFn: () => searchProducts(wanted),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const isFull = items.length >= LIMITS.productsPerShow;
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Add products" size="lg">
      <TextInput
        aria-label="Find a product"
        placeholder="Find by name or number"
        leftSection={<Icon name="search" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <div className={classes.results}>
        {products.isPending ? <LoadingLines count={5} heightPx={40} /> : null}
        {products.error ? <Problem error={products.error} onRetry={() => void products.refetch()} /> : null}
        {products.data?.data.length === 0 ? (
          <EmptyState title="No product fits">Try fewer words, or import the feed again.</EmptyState>
        ) : null}
        <ul>
          {(products.data?.data ?? []).map((product) => {
            const isIn = items.some((item) => item.productId === product.id);
            return (
              <li key={product.id}>
                <label className={classes.row} htmlFor={`pick-${product.id}`}>
                  <Checkbox
                    id={`pick-${product.id}`}
                    checked={isIn}
                    disabled={!isIn && isFull}
                    onChange={() => onChange(isIn ? removeItem(items, product.id) : addItem(items, product.id))}
                    aria-label={product.title}
                  />
                  <ProductThumb product={product} sizePx={40} />
                  <span className={classes.words}>
                    <span className={`${classes.name} truncate`}>{product.title}</span>
                    <span className={classes.facts}>{[product.category, factsOf(product)].filter(Boolean).join(' · ')}</span>
                  </span>
                </label>
              </li>
            );
          })}
        </ul>
        {products.data?.nextCursor ? <p className="muted">There are more: write a part of the name.</p> : null}
      </div>
      <div className={classes.foot}>
        <span className="muted">
          {items.length} in the line-up{isFull ? ', which is the most' : ''}
        </span>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
