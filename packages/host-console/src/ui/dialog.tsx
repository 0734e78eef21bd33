// A dialog with our own head: Mantine's is a <header>, which at the end of the page would be a second banner.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

type Props = { isOpen: boolean; onClose: () => void; title: string; size?: 'md' | 'lg'; children: ReactNode };

export function Dialog({ isOpen, onClose, title, size = 'md', children }: Props) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} size={size}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
