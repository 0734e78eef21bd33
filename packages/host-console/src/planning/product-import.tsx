import { LIMITS } from '@insp/protocol';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { importProducts } from '../api/products.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Figure } from '../ui/figure.tsx';
import { countText, plural } from '../ui/format.ts';
import { FormProblem } from '../ui/states.tsx';
import classes from './product-picker.module.css';

/** Reads the feed of the shop. Rows that cannot be read are named one by one; nothing is deleted. */
export function ProductImport({ isOpen, onClose, feedUrl }: { isOpen: boolean; onClose: () => void; feedUrl: string | null }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const address = typed ?? feedUrl ?? '';
  const importing = useMutation({
    mutationFn: () => importProducts({ feedUrl: address }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['products'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    importing.mutate();
  };
  const result = importing.data;
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Import products" size="lg">
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="Address of the product feed"
          description={`Up to ${countText(LIMITS.productImportRows)} products. Known ones are updated, none is deleted.`}
          type="url"
          required
          value={address}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <FormProblem error={importing.error} />
        {result ? (
          <div role="status" className={classes.form}>
            <p className={classes.result}>
              <Figure value={countText(result.createdCount)} unit="new" />
              <Figure value={countText(result.updatedCount)} unit="updated" />
              <Figure value={countText(result.unchangedCount)} unit="as before" />
            </p>
            {result.errors.length > 0 ? (
              <>
                <p>
                  {result.errors.length} {plural(result.errors.length, 'row')} could not be read. Correct them in the feed and import again:
                </p>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard */}
                <ul className={classes.errors} tabIndex={0}>
                  {result.errors.map((error) => (
                    <li key={`${error.row}${error.pointer}`}>
                      Row {error.row}
                      {error.externalId ? ` (${error.externalId})` : ''}: {error.message}
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
          </div>
        ) : null}
        <div className={classes.foot}>
          <span />
          <span style={{ display: 'flex', gap: 8 }}>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={importing.isPending}>
              Import
            </Button>
          </span>
        </div>
      </form>
    </Dialog>
  );
}
