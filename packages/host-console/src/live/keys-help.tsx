import { Kbd } from '@mantine/core';
import { Dialog } from '../ui/dialog.tsx';
import { KEY_LIST } from './keys.ts';
import classes from './keys-help.module.css';

export function KeysHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keys" size="md">
      <dl className={classes.keys}>
        {KEY_LIST.map(({ keys, words }) => (
          <div key={keys} className={classes.key}>
            <dt>
              <Kbd>{keys}</Kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
