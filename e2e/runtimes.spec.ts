/** Programs in the scratchpad, pasted as a learner would: what they print, and how they are stopped. */
import type { Page } from '@playwright/test';
import { fragmentOf } from '../src/scratchpad/address.ts';
import { expect, test } from './school.ts';

type Kind = 'python' | 'node';

const output = (page: Page) => page.getByTestId('output');
const state = (page: Page, name: string) =>
  expect(output(page)).toHaveAttribute('data-state', name, { timeout: 60_000 });

async function open(page: Page, kind: Kind): Promise<void> {
  await page.goto(`/scratchpad${fragmentOf(kind, '')}`);
}

async function start(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox').fill(code);
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

test.describe('on a desk @desktop', () => {
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
