/** The demonstrations within lessons: each runs on a server of its own when its reader says so. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './school.ts';

test('GET and SET lose visits, INCR does not', async ({ page }) => {
  const demo = await open(page, 'what-is-redis', 'Two clients count at once');
  await demo.getByRole('button', { name: 'Count with GET and SET' }).click();
  await expect(demo.getByRole('status')).toContainText(/10 visits, counted \d, \d lost/);
  await demo.getByRole('button', { name: 'Count with INCR' }).click();
  await expect(demo.getByRole('status')).toContainText('10 visits, counted 10, none lost');
});

test('one server in three roles', async ({ page }) => {
  const demo = await open(page, 'what-is-redis', 'One server, three roles');
  await demo.getByRole('button', { name: 'Store' }).click();
  await demo.getByRole('button', { name: 'Read elsewhere' }).click();
  await expect(demo.getByRole('log', { name: 'Database' })).toContainText('"Ada"');
  const cache = demo.getByRole('log', { name: 'Cache' });
  for (const word of ['miss', 'hit']) {
    await demo.getByRole('button', { name: 'Ask for the page' }).click();
    await expect(cache).toContainText(word);
  }
  for (const times of [1, 2]) {
    await demo.getByRole('button', { name: /later$/ }).click();
    await expect(cache.getByText(/later$/)).toHaveCount(times);
  }
  await demo.getByRole('button', { name: 'Ask for the page' }).click();
  await expect(cache.getByText(/^miss/)).toHaveCount(2);
  await demo.getByRole('button', { name: 'Publish' }).click();
  const broker = demo.getByRole('log', { name: 'Broker' });
  await expect(broker).toContainText('nobody was there');
  await demo.getByRole('button', { name: 'Subscribe' }).click();
  await expect(async () => {
    await demo.getByRole('button', { name: 'Publish' }).click();
    await expect(broker).toContainText('received: Hello', { timeout: 500 });
  }).toPass();
});

test('commands a second are measured, one bar for each batch', { tag: '@desktop' }, async ({
  page,
}) => {
  const demo = await open(page, 'what-is-redis', 'Commands a second');
  await demo.getByRole('button', { name: 'Measure' }).click();
  for (const row of (await demo.getByRole('row').all()).slice(1)) {
    await expect(row).toContainText(/\d{3}$/, { timeout: 15_000 });
  }
  await expect(demo).toContainText('Measured now, in this browser');
});

test('an encoding changes as its value grows', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'data-types', 'A value and how it is stored');
  await demo.getByRole('radio', { name: 'hash' }).check();
  await demo.getByRole('radio', { name: '512', exact: true }).check();
  await expect(demo.getByRole('row', { name: /listpack/ })).toBeVisible();
  await demo.getByRole('radio', { name: '513' }).check();
  await expect(demo.getByRole('row', { name: /hashtable changed/ })).toBeVisible();
});

test('a message reaches those who are there, and nobody else', { tag: '@desktop' }, async ({
  page,
}) => {
  const demo = await open(page, 'pub-sub', /event/i);
  const services = demo.getByRole('listitem');
  await services.nth(2).getByRole('checkbox').uncheck();
  const publish = demo.getByRole('button', { name: /^Publish order/ });
  await expect(async () => {
    await publish.click();
    await expect(demo.getByRole('status')).toContainText('(integer) 4', { timeout: 500 });
  }).toPass();
  await expect(services.nth(2)).toContainText('never arrive');
  await expect(services.first()).toContainText(/^billing.*\d of \d$/);
});

test('distance is paid for by every round trip', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'pipelining', /Round-trip time/);
  await demo.getByRole('button', { name: /^Send/ }).click();
  const rows = demo.getByRole('row');
  await expect(rows.nth(1)).toContainText('10 000 trips', { timeout: 20_000 });
  await expect(rows.last()).toContainText('(1 trip)', { timeout: 20_000 });
  await demo.getByRole('slider').press('End');
  await expect(rows.nth(1)).toContainText(/2[56]\smin/);
});

test('a killed process loses nothing, a machine without power the last second', {
  tag: '@desktop',
}, async ({ page }) => {
  const demo = await open(page, 'rdb-vs-aof', /Two kinds of crash/);
  await demo.getByRole('button', { name: 'kill -9' }).click();
  await expect(demo.getByRole('status')).toContainText('everysec, kill -9: 0 lost of 25');
  await demo.getByRole('button', { name: 'Pull the plug' }).click();
  await expect(demo.getByRole('status')).toContainText(/pull the plug: ([1-9]|1\d) lost of 25/);
});

test('a log that is never rewritten is the longest way back', { tag: '@desktop' }, async ({
  page,
}) => {
  const demo = await open(page, 'rdb-vs-aof', 'The same data, back from two files');
  await demo.getByRole('button', { name: 'Write and load' }).click();
  await expect(demo.getByRole('status')).toContainText('All three brought back', {
    timeout: 30_000,
  });
});

test('a long name costs what it is long', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'memory-optimization', 'What a name costs');
  await demo.getByRole('button', { name: 'Measure both' }).click();
  await expect(demo.getByRole('status')).toContainText('48 bytes for each key');
});

test('who survives depends on the policy', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'memory-management-eviction', 'One set of keys, eight policies');
  const policy = demo.getByRole('combobox', { name: 'maxmemory-policy' });
  await policy.selectOption('noeviction');
  await expect(demo.getByRole('status')).toContainText('OOM command not allowed');
  await policy.selectOption('allkeys-lru');
  await expect(demo.getByRole('row', { name: /^allkeys-lru, 5 30 30/ })).toBeVisible();
  await policy.selectOption('allkeys-lfu');
  await expect(demo.getByRole('row', { name: /^allkeys-lfu, 5 30 \d+ 30/ })).toBeVisible();
});

test('a queue with a worker too few goes off', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'message-queues', /keeps up/);
  await demo.getByRole('button', { name: 'Workers: one less' }).click();
  await demo.getByRole('button', { name: 'Workers: one less' }).click();
  const later = demo.getByRole('button', { name: /later$/ });
  await later.click();
  await expect(demo.getByRole('status')).toContainText(/LLEN answers 20, .* No alarm/);
  for (let times = 0; times < 4; times++) await later.click();
  await expect(demo.getByRole('status')).toContainText('LLEN answers 100');
  await expect(demo.getByRole('status')).toContainText(/Alarm\.$/);
});

test('a monitor costs', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'monitoring-debugging', /monitor costs/);
  await demo.getByRole('button', { name: 'Measure' }).click();
  await expect(demo.getByRole('row').last()).toContainText(/\(\d+ %\)/, { timeout: 20_000 });
});

test('alarms go off when their rules are crossed, and end when they are mended', {
  tag: '@desktop',
}, async ({ page }) => {
  const demo = await open(page, 'monitoring-debugging', /Six rules/);
  await demo.getByRole('button', { name: 'Look at the server' }).click();
  await expect(demo.getByRole('status')).toHaveText('No alarm.');
  const rules = [
    ['Lower maxmemory', 'Raise maxmemory'],
    ['Ask for what is not there', 'CONFIG RESETSTAT, then hits'],
    ['Run a long script', 'SLOWLOG RESET'],
    ['Connect 1000 more', 'Disconnect them'],
    ['Assume a larger resident size', 'Assume it away'],
    ['Let a worker wait in BRPOP', 'Push a job'],
  ] as const;
  for (const [cross, mend] of rules) {
    const causing = demo.getByRole('button', { name: cross });
    // On a slow machine a command of the others may be in the slow log already.
    await expect(causing.or(demo.getByRole('button', { name: mend }))).toBeVisible();
    if (await causing.isVisible()) await causing.click();
  }
  for (const [, mend] of rules) await demo.getByRole('button', { name: mend }).click();
  await expect(demo.getByRole('status')).toHaveText('No alarm.');
});

test('rules are probed as they are written', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'securing-production', /Who may do what/);
  await demo.getByRole('button', { name: 'Probe' }).click();
  const publish = demo.getByRole('row', { name: /^PUBLISH/ });
  await expect(publish).toContainText("may not access the 'news' channel");
  const admin = demo.getByLabel('ACL SETUSER admin');
  await admin.fill(`${await admin.inputValue()} &*`);
  await demo.getByRole('button', { name: 'Probe' }).click();
  await expect(publish).toContainText('allowed');
});

test('who can connect, and a handshake', { tag: '@desktop' }, async ({ page }) => {
  const reach = await open(page, 'securing-production', /Who can connect/);
  const internet = reach.getByRole('listitem').last();
  await expect(internet).toContainText('DENIED by protected mode');
  await reach.getByRole('checkbox', { name: 'protected-mode yes' }).uncheck();
  await expect(internet).toContainText('may do everything');
  await reach.getByRole('checkbox', { name: /firewall/ }).check();
  await expect(internet).toContainText('dropped by the firewall');
  const handshake = await open(page, 'securing-production', /handshake/);
  await expect(handshake.getByRole('status')).toHaveText('No connection.');
  const client = handshake.getByRole('group', { name: 'Certificate of the client' });
  await client.getByRole('radio', { name: 'good' }).check();
  await expect(handshake.getByRole('status')).toHaveText('Connected.');
});

test('a careless redis.conf can be mended item by item', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'securing-production', /Seven items/);
  for (const item of ['Authentication', 'Users', 'TLS', 'Bind']) {
    await demo.getByRole('button', { name: `Mend: ${item}` }).click();
  }
  await demo.getByRole('checkbox').check();
  await expect(demo.getByRole('status')).toHaveText('7 of 7');
});

test('guesses and trespasses are counted', { tag: '@desktop' }, async ({ page }) => {
  const demo = await open(page, 'security-hardening', /break-in/);
  await demo.getByRole('button', { name: /Guess/ }).click();
  await expect(demo.getByRole('status')).toContainText('20 refusals. Alarm');
  await demo.getByRole('button', { name: /may not do/ }).click();
  await expect(demo.getByRole('row', { name: /config\|get/ })).toContainText('app');
});

/** A demonstration in its lesson; its code has been fetched. */
async function open(page: Page, slug: string, title: string | RegExp): Promise<Locator> {
  await page.goto(`/lessons/${slug}`);
  const demo = page.getByRole('figure', { name: title }).first();
  await demo.scrollIntoViewIfNeeded();
  await expect(demo.getByRole('button').or(demo.getByRole('radio')).first()).toBeVisible();
  return demo;
}

test('@desktop clients side by side go in the order that the reader chooses', async ({ page }) => {
  const demo = await open(page, 'transactions', 'Two clients and one last seat');
  const go = async (...clients: string[]) => {
    for (const client of clients) {
      await demo.getByRole('button', { name: `Next step of ${client}:` }).click();
    }
  };
  await go('A', 'A', 'B', 'B', 'B', 'B', 'B', 'A', 'A', 'A');
  const rows = demo.getByRole('list').getByRole('listitem');
  await expect(rows).toHaveCount(10);
  await expect(rows.last()).toContainText('(nil)');
  await demo.getByRole('button', { name: 'One step back' }).click();
  await expect(rows).toHaveCount(9);
});

test('@desktop a script of Lua is stepped through call by call', async ({ page }) => {
  const demo = await open(page, 'lua-scripting', 'Call by call');
  await demo.getByRole('button', { name: 'Step through' }).click();
  await expect(demo.getByRole('status')).toHaveText('Call 1 of 4');
  await demo.getByRole('button', { name: 'Next call' }).click();
  await expect(demo).toContainText('RPUSH taken a');
  await demo.getByRole('textbox', { name: 'ARGV' }).fill('1');
  await demo.getByRole('button', { name: 'Run with EVAL' }).click();
  await expect(demo.getByRole('status')).toHaveText(/EVAL … 2 jobs taken 1\s*1\) "a"/);
});

test('@desktop an alert becomes pending, fires, and is resolved', async ({ page }) => {
  const demo = await open(page, 'prometheus-grafana', 'and five alerts');
  await demo.getByRole('button', { name: 'Start, and let a minute pass' }).click();
  const alert = demo.getByRole('list', { name: 'Alerts' }).getByRole('listitem').first();
  await alert.getByRole('button', { name: 'Kill the server' }).click();
  await expect(alert).toContainText('pending');
  await demo.getByRole('button', { name: 'Another minute' }).click();
  await expect(alert).toContainText('firing');
  await alert.getByRole('button', { name: 'Start it again' }).click();
  await expect(alert).toContainText('inactive');
});
