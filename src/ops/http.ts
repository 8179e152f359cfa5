/** Just enough of HTTP/1.1 for services that answer questions. */
import { fromUint8, toUint8, utf8Encode } from '../engine/bytes/bytes.ts';
import type { Dial } from '../wire/link.ts';
import type { Accept } from './host.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly type: string;
  /** Text for people; it is sent as UTF-8. */
  readonly body: string;
}

export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
};

export const plain = (body: string, status = 200): HttpResponse => ({
  ...{ status, type: 'text/plain; charset=utf-8', body },
});

/** Answers one request on each connection, then closes it. */
export const serveHttp =
  (handle: HttpHandler): Accept =>
  (connection) => {
    let received = '';
    let isAnswered = false;
    const answer = (response: HttpResponse) => {
      const body = utf8Encode(response.body);
      const head = [
        `HTTP/1.1 ${response.status} ${reasons[response.status] ?? ''}`,
        `Content-Type: ${response.type}`,
        `Content-Length: ${body.length}`,
        'Connection: close',
      ];
      connection.send(`${head.join('\r\n')}\r\n\r\n${body}`);
      connection.close();
    };
    return {
      onData(bytes) {
        received += bytes;
        const request = isAnswered ? undefined : readRequest(received);
        if (!request && received.length < 1_000_000) return;
        if (isAnswered) return;
        isAnswered = true;
        if (!request) return answer(plain('400 Bad Request', 400));
        handle(request).then(answer, (error: unknown) =>
          answer(plain(error instanceof Error ? error.message : String(error), 500)),
        );
      },
      onClose() {},
    };
  };

/** The request, once all of it has come. */
function readRequest(bytes: string): HttpRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = ''] = bytes.split('\r\n', 1);
  const length = Number(/^content-length: *(\d+)/im.exec(bytes.slice(0, end))?.[1] ?? 0);
  const body = bytes.slice(end + 4);
  if (body.length < length) return undefined;
  const [method = '', target = '/'] = first.split(' ');
  const [path = '/', query = ''] = target.split('?');
  return { method, path, query: new URLSearchParams(query), body };
}

/** Fetches a page of the lab. Rejects with a sentence when nobody answers within the time. */
export function fetchHttp(
  dial: Dial,
  { address, path }: { readonly address: string; readonly path: string },
  { after, limitMs }: { after(ms: number, task: () => void): () => void; limitMs: number },
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = dial(address, {
      onData(bytes) {
        received += fromUint8(bytes);
      },
      onClose(reason) {
        forget();
        const status = /^HTTP\/1\.[01] (\d+)/.exec(received)?.[1];
        if (reason === 'refused') {
          reject(new Error(`dial tcp ${address}: connect: connection refused`));
        } else if (status === undefined) reject(new Error('EOF'));
        else {
          const body = received.slice(received.indexOf('\r\n\r\n') + 4);
          resolve({ status: Number(status), body });
        }
      },
    });
    const forget = after(limitMs, () => {
      socket.close();
      reject(new Error('context deadline exceeded'));
    });
    const head = [`GET ${path} HTTP/1.1`, `Host: ${address}`, 'Connection: close'];
    socket.send(toUint8(`${head.join('\r\n')}\r\n\r\n`));
  });
}
