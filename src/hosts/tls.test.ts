import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as dialPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as dialTls, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { TcpHost } from './tcp.ts';
import { mayEnter, TlsError, tlsOptions } from './tls.ts';

/** Of nobody but this test. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYHpqLW7fvr7+Gne2
11clsG0TquwmLKFoaLVJEmt+dCyhRANCAATjb0ngSgfm/MFV6wvteOn2rFUQJhjW
PHya7iIqq/eDt6z+ugUsd/7ZDa9w0lj4YcQua0L9LzMlFpXrYMJgqLC+
-----END PRIVATE KEY-----`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUFcAbjBcjrVA+8UtldVRYDg7cM6kwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE3MjQxNFoYDzIxMjYxMDMw
MTcyNDE0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATjb0ngSgfm/MFV6wvteOn2rFUQJhjWPHya7iIqq/eDt6z+ugUsd/7Z
Da9w0lj4YcQua0L9LzMlFpXrYMJgqLC+o1MwUTAdBgNVHQ4EFgQUbe9bQGD133Hs
fGDv611cWlKkXHIwHwYDVR0jBBgwFoAUbe9bQGD133HsfGDv611cWlKkXHIwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBelTFBpUuSVZyZypoDAngq
tU7RvO5+RYuvpSiXaQL+7gIhANzF34nwhUlAMkX47Ye4bU6pirTd1asgKKPurNqr
wDXT
-----END CERTIFICATE-----`;

const folder = mkdtempSync(join(tmpdir(), 'keyspace-tls-'));
const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
writeFileSync(keyFile, key);
writeFileSync(certificateFile, certificate);
const hosts: TcpHost[] = [];
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));
afterAll(() => rmSync(folder, { recursive: true }));

const whole = {
  'tls-cert-file': certificateFile,
  'tls-key-file': keyFile,
  'tls-ca-cert-file': certificateFile,
};

async function listen(directives: Readonly<Record<string, string>> = {}) {
  const lab = new Lab({ config: { ...whole, ...directives } });
  const host = new TcpHost(lab, () => {});
  hosts.push(host);
  const { server } = lab.nodes[0] as Lab['nodes'][number];
  const text = (directive: string) => server.config.text(directive);
  const refused: string[] = [];
  const port = await host.listenTls(
    server.accept,
    { host: '127.0.0.1', port: 0 },
    {
      options: tlsOptions(text),
      mayEnter: (socket: TLSSocket) => mayEnter(socket, text),
      onRefused: (why) => refused.push(why),
    },
  );
  return { port, refused };
}

/** What a server answers to a PING until the connection ends. */
function ping(socket: ReturnType<typeof dialPlain>): Promise<string> {
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
    socket.end();
  });
  socket.on('error', () => {});
  socket.write('PING\r\n');
  return new Promise((resolve) => socket.on('close', () => resolve(heard)));
}

const trusting = { host: '127.0.0.1', ca: certificate, checkServerIdentity: () => undefined };

test('a client with a certificate that is trusted is served', async () => {
  const { port } = await listen();
  expect(await ping(dialTls({ ...trusting, port, cert: certificate, key }))).toBe('+PONG\r\n');
});

test('a client that does not speak TLS hears nothing, and the log says so', async () => {
  const { port, refused } = await listen();
  expect(await ping(dialPlain({ host: '127.0.0.1', port }))).toBe('');
  expect(refused).toHaveLength(1);
});

test('without a certificate only those may enter of whom none is asked', async () => {
  const { port, refused } = await listen();
  expect(await ping(dialTls({ ...trusting, port }))).toBe('');
  expect(refused).toEqual(['peer did not return a certificate']);
  const open = await listen({ 'tls-auth-clients': 'no' });
  expect(await ping(dialTls({ ...trusting, port: open.port }))).toBe('+PONG\r\n');
  const optional = await listen({ 'tls-auth-clients': 'optional' });
  expect(await ping(dialTls({ ...trusting, port: optional.port }))).toBe('+PONG\r\n');
});

test.each([
  [{ 'tls-cert-file': '' }, 'No tls-cert-file configured!'],
  [{ 'tls-key-file': '' }, 'No tls-key-file configured!'],
  [{ 'tls-ca-cert-file': '' }, 'Either tls-ca-cert-file or tls-ca-cert-dir must be specified'],
  [{ 'tls-key-file': '/nowhere' }, 'Failed to load private key: /nowhere: No such file'],
])('%o keeps a server from starting', (directives, says) => {
  const text = (name: string) => ({ ...whole, ...directives })[name as keyof typeof whole] ?? '';
  expect(() => tlsOptions(text)).toThrow(TlsError);
  expect(() => tlsOptions(text)).toThrow(says);
});
