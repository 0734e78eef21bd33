// The line-up, ordered by drag or by keyboard: space lifts a line, the arrows carry it, space drops it, escape lets go.
import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { formatMoney, type LineUpItem, type Product } from '@insp/protocol';
import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { isSoldOut, priceOf, stockCountOf } from '../products/product-facts.ts';
import { ProductThumb } from '../products/product-thumb.tsx';
import { Icon } from '../ui/icons.tsx';
import classes from './line-up-editor.module.css';
import { moveItem, NOTE_LENGTH, removeItem, setNote } from './line-up-order.ts';

type Props = {
  items: readonly LineUpItem[];
  products: ReadonlyMap<string, Product>;
  isLocked: boolean;
  onChange: (items: readonly LineUpItem[], words?: string) => void;
};

export function LineUpEditor({ items, products, isLocked, onChange }: Props) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const title = (id: string | number) => products.get(String(id))?.title ?? 'the product';
  const place = (id: string | number) => items.findIndex((item) => item.productId === id) + 1;
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over) onChange(moveItem(items, String(active.id), place(over.id) - 1));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={onDragEnd}
      accessibility={{
        announcements: {
          onDragStart: ({ active }) => `${title(active.id)} lifted, place ${place(active.id)} of ${items.length}.`,
          onDragOver: ({ active, over }) => (over ? `${title(active.id)} over place ${place(over.id)}.` : undefined),
          onDragEnd: ({ active, over }) => (over ? `${title(active.id)} dropped at place ${place(over.id)}.` : undefined),
          onDragCancel: ({ active }) => `${title(active.id)} is back at place ${place(active.id)}.`,
        },
      }}
    >
      <SortableContext items={items.map(({ productId }) => productId)} strategy={verticalListSortingStrategy} disabled={isLocked}>
        <ol className={classes.list}>
          {items.map((item, index) => (
            <EditorLine
              key={item.productId}
              item={item}
              number={index + 1}
              product={products.get(item.productId)}
              isLocked={isLocked}
              onNote={(note) => onChange(setNote(items, item.productId, note))}
              onRemove={() => onChange(removeItem(items, item.productId), `${title(item.productId)} taken out`)}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

type LineProps = {
  item: LineUpItem;
  number: number;
  product: Product | undefined;
  isLocked: boolean;
  onNote: (note: string) => void;
  onRemove: () => void;
};

function EditorLine({ item, number, product, isLocked, onNote, onRemove }: LineProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: item.productId });
  const [note, setNoteText] = useState(item.note);
  const name = product?.title ?? 'Product';
  const style = transform ? { transform: `translate3d(0, ${Math.round(transform.y)}px, 0)`, transition } : undefined;
  return (
    <li ref={setNodeRef} style={style} className={classes.line} data-dragging={isDragging}>
      {isLocked ? null : (
        <button
          type="button"
          ref={setActivatorNodeRef}
          className={classes.grip}
          {...attributes}
          {...listeners}
          aria-label={`Move ${name}, place ${number}`}
        >
          <Icon name="grip" sizePx={18} />
        </button>
      )}
      <span className={classes.number}>{number}</span>
      <ProductThumb product={product} sizePx={40} />
      <span className={classes.words}>
        <span className={`${classes.name} truncate`} title={name}>
          {name}
        </span>
        <span className={classes.facts}>{product ? factsOf(product) : ''}</span>
      </span>
      <TextInput
        className={classes.note}
        aria-label={`Note for the host about ${name}`}
        placeholder="Note for the host"
        variant="filled"
        maxLength={NOTE_LENGTH}
        disabled={isLocked}
        value={note}
        onChange={(event) => setNoteText(event.currentTarget.value)}
        onBlur={() => onNote(note)}
      />
      {isLocked ? null : (
        <Tooltip label="Take out">
          <ActionIcon variant="subtle" color="gray" size="lg" onClick={onRemove} aria-label={`Take ${name} out of the line-up`}>
            <Icon name="close" />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

export function factsOf(product: Product, locale = 'en'): string {
  const price = priceOf(product);
  const stock = stockCountOf(product);
  const left = isSoldOut(product) ? 'sold out' : stock === null ? '' : `${stock} left`;
  return [price ? `${price.isFrom ? 'from ' : ''}${formatMoney(price, locale)}` : '', left].filter(Boolean).join(' · ');
}
