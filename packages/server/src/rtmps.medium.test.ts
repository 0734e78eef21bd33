// RTMPS as an operator sets it up: two files in the settings, and people are told the address over TLS.
import type { StreamKey } from '@insp/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../test-support/test-app.ts';
import { certificateFiles, makeCertificate } from './modules/media/test-support/certificate.ts';
import { startEncoder } from './modules/media/test-support/ffmpeg.ts';
import { until } from './modules/media/test-support/media-rig.ts';

let files: Awaited<ReturnType<typeof certificateFiles>>;
beforeAll(async () => {
  files = await certificateFiles(await makeCertificate());
});
afterAll(() => files.remove());

test('[RI8] with a certificate the console tells rtmps://, and an encoder gets in there with either key', async () => {
  const settings = { rtmpsHost: '127.0.0.1', rtmpsPort: 0, rtmpsCertFile: files.certFile, rtmpsKeyFile: files.keyFile };
  const tested: TestApp = await createTestApp(settings);
  try {
    await tested.app.start();
    const owner = await tested.owner('Ours');
    const show = (await owner.post('/v1/shows', { title: 'Over TLS', scheduledAt: Date.now() + 3_600_000 })).json<{
      id: `shw_${string}`;
    }>();
    const keyOf = async (path: string) => (await owner.post(`/v1/shows/${show.id}/${path}`)).json<StreamKey>();
    const keys = [await keyOf('stream-key'), await keyOf('backup-stream-key')];
    await owner.post(`/v1/shows/${show.id}/commands`, { command: 'schedule' });
    for (const { serverUrl } of keys) expect(serverUrl).toBe(`rtmps://localhost:${tested.app.media.rtmpsPort}/live`);
    for (const [index, { serverUrl, streamKey }] of keys.entries()) {
      const encoder = startEncoder(`${serverUrl.replace('localhost', '127.0.0.1')}/${streamKey}`, { durationSec: 60 });
      await until('the picture comes', () => tested.app.media.health(show.id).source === (index === 0 ? 'primary' : 'backup'));
      await until('with a key frame', () => tested.app.media.hasPicture(show.id));
      encoder.child.kill('SIGKILL');
      await until('it is gone', () => !tested.app.media.isPublishing(show.id));
    }
  } finally {
    await tested.close();
  }
});

test('half a certificate, or none that is one, is refused by name', async () => {
  await expect(createTestApp({ rtmpsCertFile: files.certFile })).rejects.toThrow(/INSP_CONFIG_INVALID_SETTING.*INSP_RTMPS_KEY_FILE/s);
  const swapped = await createTestApp({ rtmpsHost: '127.0.0.1', rtmpsPort: 0, rtmpsCertFile: files.keyFile, rtmpsKeyFile: files.certFile });
  await expect(swapped.app.start()).rejects.toThrow(/INSP_CONFIG_INVALID_SETTING.*RTMPS/s);
  await swapped.close();
});
