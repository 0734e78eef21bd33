// A small real receiver of order webhooks: verifies each signature and answers as told.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export type Received = { id: string; body: string; isVerified: boolean; path: string };
export type WebhookReceiver = {
  url: string;
  received: Received[];
  /** Decides the status of the next answers; `null` cuts the connection. */
  answer: (message: Received) => number | null;
  stop(): Promise<void>;
};

export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const receiver: WebhookReceiver = { url: '', received: [], answer: () => 204, stop: async () => {} };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      let isVerified = true;
      try {
        new Webhook(secret).verify(body, request.headers as Record<string, string>);
      } catch {
        isVerified = false;
      }
      const message = { id: String(request.headers['webhook-id']), body, isVerified, path: request.url ?? '' };
      receiver.received.push(message);
      const status = receiver.answer(message);
      if (status === null) request.socket.destroy();
      else response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiver.stop = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return receiver;
}

/** Polls until `isDone`; fails with `what` after `timeoutMs`. */
export async function waitUntil(what: string, isDone: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const giveUpAtMs = Date.now() + timeoutMs;
  while (!(await isDone())) {
    if (Date.now() > giveUpAtMs) throw new Error(`did not happen in ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
