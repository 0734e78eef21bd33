// A value to take elsewhere: monospaced, selectable, with a copy button that says it worked.
import { Button, CopyButton } from '@mantine/core';
import { useId } from 'react';
import classes from './copy-field.module.css';
import { Icon } from './icons.tsx';

export function CopyField({ label, value, isBlock = false }: { label: string; value: string; isBlock?: boolean }) {
  const id = useId();
  const button = (
    <CopyButton value={value} timeout={1_500}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          onClick={copy}
          leftSection={<Icon name={copied ? 'check' : 'copy'} />}
          aria-label={copied ? `Copied ${label}` : `Copy ${label}`}
          className={classes.copy}
        >
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      )}
    </CopyButton>
  );
  return (
    <div className={classes.field}>
      <div className={classes.head}>
        <label htmlFor={id} className={classes.label}>
          {label}
        </label>
        {isBlock ? button : null}
      </div>
      {isBlock ? (
        <textarea id={id} className={classes.value} readOnly wrap="off" rows={value.split('\n').length} value={value} spellCheck={false} />
      ) : (
        <div className={classes.row}>
          <input
            id={id}
            className={classes.value}
            readOnly
            value={value}
            onFocus={(event) => event.currentTarget.select()}
            spellCheck={false}
          />
          {button}
        </div>
      )}
    </div>
  );
}
