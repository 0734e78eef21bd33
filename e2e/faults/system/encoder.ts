// A small real encoder: ffmpeg sends a moving test picture with sound, as OBS would. It never outlives this process.
import { type ChildProcess, spawn } from 'node:child_process';

export type Encoder = { child: ChildProcess; stop(): void };

export function startEncoder(serverUrl: string, streamKey: string, mark: string): Encoder {
  const picture = [
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=320x180:rate=15',
    '-re',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:sample_rate=48000',
  ];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-b:v', '200k', '-g', '15'];
  const sound = ['-c:a', 'aac', '-b:a', '48k', '-ac', '2', '-f', 'flv', `${serverUrl.replace('localhost', '127.0.0.1')}/${streamKey}`];
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...picture, ...coding, ...sound], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, FAULTS_TEST_MARK: mark },
  });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  return {
    child,
    stop() {
      process.off('exit', end);
      end();
    },
  };
}
