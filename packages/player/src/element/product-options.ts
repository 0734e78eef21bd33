// One dimension of a product's options as a group of radio buttons: arrow keys move, every value can be read, one
// that no variant has with the other choices is struck through but still takes you there.
import type { ProductId } from '@insp/protocol';
import type { OptionGroup, OptionValue } from '../store/options.ts';
import { createList, h, type Row, setAttribute, setText } from './dom.ts';
import type { ViewContext } from './view.ts';

export type GroupItem = { readonly productId: ProductId; readonly group: OptionGroup };

export function createOptionGroup(ctx: ViewContext): Row<GroupItem> {
  const { t, ask } = ctx;
  let item: GroupItem | null = null;
  const legend = h('span', { class: 'option-name' });
  const values = h('div', { class: 'option-values', role: 'radiogroup' });
  const node = h('div', { class: 'option-group' }, legend, values);

  const choose = (value: string) => item && ask('choose_option', { productId: item.productId, name: item.group.name, value });
  const list = createList<OptionValue>(
    values,
    (value) => value.value,
    () => {
      const radio = h('button', { type: 'button', role: 'radio', class: 'option', part: 'option' });
      radio.addEventListener('click', () => choose(radio.dataset.value ?? ''));
      return {
        node: radio,
        update({ value, isChosen, isPossible, isAvailable }) {
          radio.dataset.value = value;
          setText(radio, value);
          setAttribute(radio, 'aria-checked', String(isChosen));
          setAttribute(radio, 'data-off', !(isPossible && isAvailable));
          setAttribute(radio, 'aria-label', isPossible && isAvailable ? value : t('unavailableOption', { value }));
        },
      };
    },
  );

  values.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || !item) return;
    event.preventDefault();
    const radios = [...values.children] as HTMLElement[];
    const at = radios.indexOf((values.getRootNode() as ShadowRoot).activeElement as HTMLElement);
    const next = radios[(at + step + radios.length) % radios.length];
    next?.focus();
    next?.click();
  });

  return {
    node,
    update(next) {
      item = next;
      setText(legend, next.group.name);
      setAttribute(values, 'aria-label', next.group.name);
      list.update(next.group.values);
      // One stop for the tab key: the chosen value, else the first.
      const stop = Math.max(
        0,
        next.group.values.findIndex((value) => value.isChosen),
      );
      for (const [index, radio] of [...values.children].entries()) setAttribute(radio, 'tabindex', index === stop ? '0' : '-1');
    },
  };
}
