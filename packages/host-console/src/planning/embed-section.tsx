import type { OrganizationSettings, ReadinessItem, Show } from '@insp/protocol';
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { CopyField } from '../ui/copy-field.tsx';
import { Icon } from '../ui/icons.tsx';
import { embedSnippet } from './embed-snippet.ts';
import { PlanSection } from './plan-section.tsx';
import classes from './show-page.module.css';

/** "Embed this": four lines for the shop, where they may stand, and the shop to look at them. */
export function EmbedSection({
  show,
  item,
  organization,
}: {
  show: Show;
  item: ReadinessItem | null;
  organization: OrganizationSettings | null;
}) {
  const snippet = embedSnippet({
    host: window.location.origin,
    showId: show.id,
    locale: organization?.locale ?? 'en-GB',
    currency: organization?.currency ?? 'EUR',
  });
  const origins = organization?.storeOrigins ?? [];
  const shopUrl = organization?.shopUrl ?? null;
  return (
    <PlanSection
      id="page_published"
      title="Embed this"
      item={item}
      aside={
        shopUrl ? (
          <Button
            component="a"
            href={withShow(shopUrl, show.id)}
            target="_blank"
            rel="noreferrer"
            variant="default"
            rightSection={<Icon name="external" />}
          >
            See it in the shop
          </Button>
        ) : null
      }
    >
      <div className={classes.stack}>
        <CopyField label="Code for the page of the shop" value={snippet} isBlock />
        <p className="muted">
          {origins.length === 0 ? 'No site may embed the show yet. ' : `Works on ${origins.join(', ')}. `}
          <Link href="/settings/store" style={{ color: 'var(--accent)' }}>
            {origins.length === 0 ? 'Name your store' : 'Change the sites'}
          </Link>
        </p>
      </div>
    </PlanSection>
  );
}

/** The deep link of product.md 3.2: the shop opens the show on load. */
function withShow(shopUrl: string, showId: string): string {
  try {
    const url = new URL(shopUrl);
    url.searchParams.set('insp', showId);
    return url.href;
  } catch {
    return shopUrl;
  }
}
