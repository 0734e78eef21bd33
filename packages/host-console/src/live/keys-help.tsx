import { Kbd, Modal } from '@mantine/core';
import { KEY_LIST } from './keys.ts';
import classes from './keys-help.module.css';

export function KeysHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" size="md">
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
    </Modal>
  );
}
