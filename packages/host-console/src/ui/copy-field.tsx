// A value to take elsewhere: monospaced, selectable, with a copy button that says it worked.
import { Button, CopyButton } from '@mantine/core';
import { useId } from 'react';
import classes from './copy-field.module.css';
import { Icon } from './icons.tsx';

export function CopyField({ label, value, isBlock = false }: { label: string; value: string; isBlock?: boolean }) {
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        {label}
      </label>
      <div className={classes.row}>
        {isBlock ? (
          <textarea
            id={id}
            className={classes.value}
            readOnly
            wrap="off"
            rows={value.split('\n').length}
            value={value}
            spellCheck={false}
          />
        ) : (
          <input
            id={id}
            className={classes.value}
            readOnly
            value={value}
            onFocus={(event) => event.currentTarget.select()}
            spellCheck={false}
          />
        )}
        <CopyButton value={value} timeout={1_500}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={<Icon name={copied ? 'check' : 'copy'} />}
              aria-label={`Copy ${label}`}
              className={classes.copy}
            >
              <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
