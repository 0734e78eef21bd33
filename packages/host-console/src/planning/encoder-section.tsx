// "Point OBS here": the two fields OBS asks for, the settings that make the picture fit, and a second encoder that
// stands by.
import type { ReadinessItem, Show } from '@insp/protocol';
import { PlanSection } from './plan-section.tsx';
import classes from './show-page.module.css';
import { StreamKeyOf } from './stream-key.tsx';

const SETTINGS = [
  { name: 'Video encoder', value: 'H.264' },
  { name: 'Rate control', value: 'CBR' },
  { name: 'Bitrate', value: '4,000 kbit/s' },
  { name: 'Keyframe interval', value: '2 s' },
  { name: 'Audio', value: 'AAC, 160 kbit/s' },
] as const;

export function EncoderSection({ show, item }: { show: Show; item: ReadinessItem | null }) {
  return (
    <PlanSection id="picture_source" title="Point OBS here" item={item}>
      <div className={classes.stack}>
        <StreamKeyOf show={show} source="primary" />
        <dl className={classes.facts} aria-label="OBS settings">
          {SETTINGS.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <h3>Backup encoder</h3>
        <StreamKeyOf show={show} source="backup" />
      </div>
    </PlanSection>
  );
}
