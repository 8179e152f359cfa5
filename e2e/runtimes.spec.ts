/** Programs in the scratchpad, pasted as a learner would: what they print, and how they are stopped. */
import type { Page } from '@playwright/test';
import { fragmentOf } from '../src/scratchpad/address.ts';
import { write } from './editor.ts';
import { expect, test } from './school.ts';

type Kind = 'python' | 'node';

const output = (page: Page) => page.getByTestId('output');
const state = (page: Page, name: string) =>
  expect(output(page)).toHaveAttribute('data-state', name, { timeout: 60_000 });

async function open(page: Page, kind: Kind): Promise<void> {
  await page.goto(`/scratchpad${fragmentOf(kind, '')}`);
}

async function start(page: Page, code: string): Promise<void> {
  await write(page.getByRole('textbox'), code);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}

async function run(page: Page, code: string, end = 'done'): Promise<void> {
  await start(page, code);
  await state(page, end);
}

/** Presses Stop when the program has said that it is there; it must be over within a second or so. */
async function stop(page: Page, code: string): Promise<void> {
  await start(page, code);
  await expect(output(page)).toContainText('here', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed', { timeout: 4000 });
  await expect(output(page)).toContainText('Stopped.');
}

test('nothing of a runtime is loaded before it is asked for', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await open(page, 'python');
  await page.waitForLoadState('networkidle');
  expect(asked.filter((url) => /python\/|pyodide/.test(url))).toEqual([]);
});

test('Python: redis-py on a server of the lab', async ({ page }) => {
  await open(page, 'python');
  await run(
    page,
    `import redis, time
r = redis.Redis(decode_responses=True)
print(redis.__version__, r.set("a", 1), r.incr("a"))
pipe = r.pipeline()
print(pipe.incr("a").get("a").execute())
pubsub = r.pubsub()
pubsub.subscribe("news")
r.publish("news", "hello")
print([m["type"] for _, m in zip(range(2), pubsub.listen())])
began = time.time()
print(r.blpop("none", timeout=1), round(time.time() - began))
with r.lock("job", timeout=5):
    print(r.register_script("return ARGV[1]")(args=["from Lua"]))
try:
    redis.Redis(port=6399, retry=None).ping()
except redis.ConnectionError as error:
    print(error)`,
  );
  await expect(page.getByTestId('screen')).toHaveText(
    `6.1.0 True 2
[3, '3']
['subscribe', 'message']
None 1
from Lua
Error 111 connecting to localhost:6399. Connection refused.`,
    { useInnerText: true },
  );
});

test('Node: ioredis on a server of the lab', async ({ page }) => {
  await open(page, 'node');
  await run(
    page,
    `import Redis from 'ioredis';
interface Job { id: number }
const redis = new Redis({ retryStrategy: () => null });
const job = { id: 7 } satisfies Job;
console.log(await redis.set('job', JSON.stringify(job)), job, [1, 'two', null]);
console.log(await redis.multi().incr('n').get('n').exec());
const listener = redis.duplicate();
await listener.subscribe('news');
listener.on('message', (channel, text) => {
  console.log(channel, text);
  listener.disconnect();
});
await redis.publish('news', 'hello');
await redis.quit();
setTimeout(() => console.log('last'), 20);`,
  );
  await expect(page.getByTestId('screen')).toHaveText(
    `OK { id: 7 } [ 1, 'two', null ]
[ [ null, 1 ], [ null, '1' ] ]
news hello
last`,
    { useInnerText: true },
  );
});

test.describe('on a desk @desktop', () => {
  test('Node: node-redis, what Node brings along, nothing beyond the lab', async ({ page }) => {
    await open(page, 'node');
    await run(
      page,
      `const { createClient } = require('redis');
const { createHash } = require('node:crypto');
const assert = require('assert');
const client = await createClient().on('error', (error) => console.log(error.code)).connect();
await client.hSet('user', { name: 'Ada', age: '36' });
console.log({ ...(await client.hGetAll('user')) }, createHash('sha1').update('abc').digest('hex'));
await client.close();
assert.deepStrictEqual(Buffer.from('aGk=', 'base64').toString(), 'hi');
for (const name of ['fetch', 'importScripts']) {
  try { globalThis[name]('/'); } catch (error) { console.log(error.message); }
}
console.log(typeof document, typeof localStorage, typeof indexedDB);`,
    );
    await expect(output(page)).toContainText("{ name: 'Ada', age: '36' } a9993e364706816aba3e2571");
    await expect(output(page)).toContainText('fetch is refused here');
    await expect(output(page)).toContainText('importScripts is refused here');
    await expect(output(page)).toContainText('undefined undefined undefined');
  });

  test('Node: errors name their line, exit codes are told', async ({ page }) => {
    await open(page, 'node');
    await run(page, 'const a = 1;\nconst b = ;', 'failed');
    await expect(output(page)).toContainText('look at line 2');
    const asks = `const redis = new (require('ioredis'))();\nawait redis.set('s', 'abc');\n`;
    await run(page, `${asks}await redis.incr('s');`, 'failed');
    await expect(output(page)).toContainText('example.js:3');
    await expect(output(page)).toContainText('[ReplyError]: ERR value is not an integer');
    await run(page, 'setTimeout(() => {\n  null.length;\n}, 5);', 'failed');
    await expect(output(page)).toContainText('example.js:2');
    await run(page, 'const again = (n) => again(n + 1) + 1;\nagain(0);', 'failed');
    await expect(output(page)).toContainText('Maximum call stack size exceeded');
    const refused = `const r = new (require('ioredis'))({ port: 6399, retryStrategy: () => null });
r.on('error', (error) => console.log(error.message));
await r.get('a').catch((error) => console.log(error.message));
process.exit(3);`;
    await run(page, refused, 'failed');
    await expect(output(page)).toContainText('connect ECONNREFUSED 127.0.0.1:6399');
    await expect(output(page)).toContainText('exit code 3');
  });

  test('Node: Stop ends a loop, a flood and a wait', async ({ page }) => {
    await open(page, 'node');
    await stop(page, 'console.log("here");\nfor (;;) {}');
    await stop(page, 'for (;;) console.log("here");');
    await stop(page, 'console.log("here");\nawait new (require("ioredis"))().blpop("none", 0);');
    await run(page, 'console.log("well");');
  });

  test('Shell: redis-cli reads what is typed', async ({ page }) => {
    await page.goto(`/scratchpad${fragmentOf('shell', 'redis-cli')}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const line = page.getByRole('textbox', { name: 'Input: 127.0.0.1:6379>' });
    await line.fill('ECHO "é"');
    await line.press('Enter');
    await expect(output(page)).toContainText('"\\xc3\\xa9"');
    await line.press('Control+d');
    await state(page, 'done');
  });

  test('Python: asyncio, errors in the lines of the learner, nothing beyond the lab', async ({
    page,
  }) => {
    await open(page, 'python');
    await run(
      page,
      `import asyncio, redis.asyncio
async def main():
    r = redis.asyncio.Redis(decode_responses=True)
    await asyncio.gather(*(r.incr("n") for _ in range(5)), asyncio.sleep(0.01))
    print(await r.get("n"))
    await r.aclose()
asyncio.run(main())`,
    );
    await expect(output(page)).toContainText('5');

    await run(page, 'print(1)\nx = (\n', 'failed');
    await expect(output(page)).toContainText("'(' was never closed");
    await expect(output(page)).toContainText('look at line 2');

    await run(page, 'def again(n):\n    return again(n + 1)\nagain(0)', 'failed');
    await expect(output(page)).toContainText('line 3, in <module>');
    await expect(output(page)).toContainText('RecursionError');

    await run(
      page,
      `import js
for name in ("fetch", "importScripts"):
    try: getattr(js, name)("/")
    except Exception as error: print(error)
print(hasattr(js, "document"), hasattr(js, "localStorage"))`,
    );
    await expect(output(page)).toContainText('fetch is refused here');
    await expect(output(page)).toContainText('importScripts is refused here');
    await expect(output(page)).toContainText('False False');
  });

  test('Python: Stop ends a loop, a flood and a wait', async ({ page }) => {
    await open(page, 'python');
    await stop(page, 'print("here")\nwhile True: pass');
    await stop(page, 'while True: print("here")');
    await stop(page, 'import redis\nprint("here")\nredis.Redis().blpop("none", 0)');
    await stop(
      page,
      'import redis\nprint("here")\np = redis.Redis().pubsub()\np.subscribe("a")\nfor m in p.listen(): pass',
    );
    await stop(page, 'import time\nprint("here")\ntime.sleep(60)');
    await run(page, 'print("well")');
  });
});
