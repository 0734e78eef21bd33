// One picture of the room (who is new, back, or a buyer) and a short list by reason. Never a wall of avatars.
import { type Audience, formatMoney } from '@insp/protocol';
import { SimMark } from '../ui/figure.tsx';
import { countText, plural, shareText } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { EmptyState } from '../ui/states.tsx';
import classes from './audience-panel.module.css';
import { useLive } from './live-context.tsx';

/** In a small room a share says less than the people themselves. */
const FEW_PEOPLE_COUNT = 20;

export function AudiencePanel() {
  const { room, can } = useLive();
  const { audience } = room;
  if (!can('copilot.use')) return null;
  return (
    <Panel title="Audience view" area="audience" isFlush aside={audience?.hasSimulated ? <SimMark /> : null}>
      {audience === null || audience.watchingCount === 0 ? (
        <div className={classes.empty}>
          <EmptyState title="Nobody is here yet">Who comes in is shown here: new, back again, or a buyer.</EmptyState>
        </div>
      ) : (
        <>
          <RelationBar audience={audience} />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard */}
          <ol className={classes.people} tabIndex={0} aria-label="People in the room, by reason to notice them">
            {audience.people.map((person) => (
              <Person key={person.viewerId} person={person} />
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}

function RelationBar({ audience }: { audience: Audience }) {
  const parts = [
    { key: 'new', label: 'new', count: audience.newCount },
    { key: 'returning', label: 'returning', count: audience.returningCount },
    { key: 'buyer', label: 'buyers', count: audience.buyerCount },
  ];
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={classes.relation}>
      <div className={classes.bar} aria-hidden="true">
        {parts.map(({ key, count }) => (count > 0 ? <span key={key} data-relation={key} style={{ flexGrow: count }} /> : null))}
      </div>
      <dl className={classes.legend}>
        {parts.map(({ key, label, count }) => (
          <div key={key} className={classes.share} title={`${countText(count)} people`}>
            <dt>
              <span className={classes.dot} data-relation={key} aria-hidden="true" />
              {label}
            </dt>
            <dd>{total < FEW_PEOPLE_COUNT ? countText(count) : shareText(count, total)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Person({ person }: { person: Audience['people'][number] }) {
  const { organization } = useLive();
  const worth =
    person.pastSpendMinor !== null && person.pastSpendMinor > 0 && person.currency
      ? formatMoney({ amountMinor: person.pastSpendMinor, currency: person.currency }, organization?.locale ?? 'en')
      : person.pastOrderCount > 0
        ? `${person.pastOrderCount} ${plural(person.pastOrderCount, 'order')}`
        : '';
  return (
    <li className={classes.person}>
      <span className={classes.dot} data-relation={person.relation} title={person.relation} />
      <span className={classes.words}>
        <span className={classes.top}>
          <span className={`${classes.name} truncate`}>{person.name}</span>
          {person.boughtInShow ? <span className={classes.bought}>bought today</span> : null}
          {person.isSimulated ? <SimMark /> : null}
          {worth ? (
            <span className={classes.worth} title="Spent with you before this show">
              {worth} <span className="muted">before</span>
            </span>
          ) : null}
        </span>
        <span className={classes.reason}>
          <span className={classes.relationWord}>{person.relation}: </span>
          {person.reason}
        </span>
      </span>
    </li>
  );
}
