// What the host should know of the recording, said where the host looks: the one line of health. A fault of the picture
// itself goes first.
import type { StreamHealth } from '@insp/protocol';

export function withRecordingNote(health: StreamHealth, note: string | null): StreamHealth {
  if (note === null || health.status === 'bad' || health.advice !== '') return health;
  return { ...health, status: health.status === 'good' ? 'warning' : health.status, advice: note };
}
