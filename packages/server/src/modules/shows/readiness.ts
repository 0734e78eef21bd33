// The planning checklist: what is done, and one sentence for what is not (ui.md 3).
import type { ReadinessItem } from '@insp/protocol';
import type { OrganizationOfShow } from './ports.ts';
import { isPublished, type ShowRecord } from './show-record.ts';

/** Lists the four items in the order a merchant works through them. */
export function checkReadiness(
  show: ShowRecord,
  situation: { productCount: number; hasPicture: boolean; organization: OrganizationOfShow | null },
): ReadinessItem[] {
  const { productCount, hasPicture, organization } = situation;
  const isPictureKnown = hasPicture || show.pictureSeenAt !== null;
  const originCount = organization?.storeOrigins.length ?? 0;
  return [
    { key: 'picture_source', isDone: isPictureKnown, detail: pictureDetail(show, hasPicture) },
    {
      key: 'products',
      isDone: productCount > 0,
      detail:
        productCount === 0
          ? 'The line-up is empty: add products.'
          : `${productCount} ${productCount === 1 ? 'product' : 'products'} in the line-up.`,
    },
    {
      key: 'schedule',
      isDone: show.scheduledAt !== null,
      detail: show.scheduledAt === null ? 'Choose a start time.' : 'The start time is set.',
    },
    {
      key: 'page_published',
      isDone: isPublished(show) && originCount > 0,
      detail: !isPublished(show)
        ? 'Schedule the show to publish it.'
        : originCount === 0
          ? 'No site may embed the show yet: add the origin of your store in the settings.'
          : `${originCount} ${originCount === 1 ? 'site' : 'sites'} may embed the show.`,
    },
  ];
}

function pictureDetail(show: ShowRecord, hasPicture: boolean): string {
  if (hasPicture) return 'A picture is coming in.';
  if (show.pictureSeenAt !== null) return 'The encoder worked with this show before; it is not sending now.';
  if (show.streamKeyLastFour === null) return 'Create a stream key and put it into your encoder.';
  return `Start the encoder with the key that ends in ${show.streamKeyLastFour}.`;
}
