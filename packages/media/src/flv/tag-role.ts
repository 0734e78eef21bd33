// What a tag is to somebody who passes it on undecoded: may it be left out, and what goes with it if it is?
import { hasIdrSlice, isDisposablePicture } from './avc.ts';
import { type FlvTag, readAudioTag, readVideoTag } from './flv-tag.ts';

export type TagRole =
  /** A decoder configuration: goes before everything else of its kind. */
  | 'config'
  /** A picture to begin with. */
  | 'key'
  /** A picture others are predicted from. */
  | 'reference'
  /** A picture nothing depends on. */
  | 'disposable'
  | 'sound'
  /** The end-of-sequence tag, codecs we do not carry, rubbish. */
  | 'none';

/** `nalLengthBytes` is that of the configuration in force. */
export function tagRole({ kind, body }: FlvTag, nalLengthBytes: number): TagRole {
  if (kind === 'audio') {
    const audio = readAudioTag(body);
    return audio.kind === 'config' ? 'config' : audio.kind === 'frame' ? 'sound' : 'none';
  }
  const video = readVideoTag(body);
  if (video.kind === 'config') return 'config';
  if (video.kind !== 'frame') return 'none';
  if (video.isKeyFlagged && hasIdrSlice(video.data, nalLengthBytes)) return 'key';
  return isDisposablePicture(video.data, nalLengthBytes) ? 'disposable' : 'reference';
}
