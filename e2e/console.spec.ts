/** The console as its readers use it: typed, pasted, touched and heard. */
import type { Page } from '@playwright/test';
import { accessibilityViolations } from './axe.ts';
import { expect, test } from './school.ts';

/** Home's console, on a phone raised to its full height. */
async function openConsole(page: Page) {
  await page.goto('/');
  const console = page.getByRole('region', { name: 'Redis console' });
  const raise = page.getByRole('button', { name: 'Raise Console' });
  const line = console.getByRole('combobox', { name: 'Command' });
  await expect(line.or(raise).first()).toBeVisible();
  while (await raise.isVisible()) {
    await raise.click();
    await page.waitForFunction(() => document.getAnimations().every(({ pending }) => !pending));
  }
  await line.fill('');
  const log = console.getByRole('log');
  return {
    ...{ console, line, log },
    prompt: console.locator('.term-prompt').last(),
    async enter(...commands: string[]) {
      for (const command of commands) {
        await line.fill(command);
        await line.press('Enter');
      }
    },
    /** The last lines of the log. */
    tail: async (count: number) => (await log.innerText()).trim().split('\n').slice(-count),
  };
}

test('commands are answered as redis-cli prints them', { tag: '@desktop' }, async ({ page }) => {
  const { enter, log } = await openConsole(page);
  await enter('LPUSH l a "b c" é', 'LRANGE l 0 -1', 'GET l', 'SET a "x', 'NOSUCH', 'GET');
  await expect(log).toContainText('1) "\\xc3\\xa9"\n2) "b c"\n3) "a"', { useInnerText: true });
  await expect(log).toContainText('(error) WRONGTYPE Operation against a key holding');
  await expect(log).toContainText('Invalid argument(s)');
  await expect(log).toContainText("(error) ERR unknown command 'NOSUCH'");
  await expect(log).toContainText("(error) ERR wrong number of arguments for 'get' command");
});

test('the prompt follows the database and the transaction, and never moves', async ({ page }) => {
  const { enter, prompt, line } = await openConsole(page);
  const place = await line.boundingBox();
  await enter('SELECT 1');
  await expect(prompt).toHaveText('127.0.0.1:6379[1]>');
  await enter('MULTI');
  await expect(prompt).toHaveText('127.0.0.1:6379[1](TX)>');
  await enter('INCR n', 'EXEC', 'RESET');
  await expect(prompt).toHaveText('127.0.0.1:6379>');
  expect((await line.boundingBox())?.y).toBe(place?.y);
});

test('a hint stands behind the cursor and shrinks as one types', { tag: '@desktop' }, async ({
  page,
}) => {
  const { line } = await openConsole(page);
  await line.pressSequentially('GET');
  await expect(line).toHaveAccessibleDescription('key');
  await line.pressSequentially(' k');
  await expect(line).toHaveAccessibleDescription('');
});

test('Tab offers commands with their meaning, and keys where a key belongs', async ({ page }) => {
  const { line, console, enter } = await openConsole(page);
  await enter('MSET user:1 a user:2 b');
  await line.pressSequentially('ZRANGES');
  await line.press('Tab');
  await expect(line).toHaveValue('ZRANGESTORE ');
  await line.fill('ge');
  await line.press('Tab');
  const list = console.getByRole('listbox', { name: 'Completions' });
  await expect(list.getByRole('option').filter({ hasText: 'GETDEL key' })).toBeVisible();
  await line.press('Escape');
  await expect(list).toBeHidden();
  await line.fill('GET u');
  await line.press('Tab');
  await expect(line).toHaveValue('GET user:');
  await line.press('Tab');
  await expect(list.getByRole('option', { selected: true })).toContainText('user:1');
  await line.press('Enter');
  await expect(line).toHaveValue('GET user:1 ');
});

test('earlier lines come back, after a reload too, and Ctrl-R finds them', {
  tag: '@desktop',
}, async ({ page }) => {
  const first = await openConsole(page);
  await first.enter('SET fruit apple', 'AUTH secret', 'GET fruit');
  const { line, prompt, log } = await openConsole(page);
  await line.press('ArrowUp');
  await expect(line).toHaveValue('GET fruit');
  await line.press('ArrowUp');
  await expect(line).toHaveValue('SET fruit apple');
  await line.press('ArrowDown');
  await line.press('ArrowDown');
  await expect(line).toHaveValue('');
  await line.press('Control+r');
  await expect(prompt).toHaveText('(reverse-i-search)');
  await line.pressSequentially('apple');
  await line.press('Enter');
  await expect(log).toContainText('SET fruit apple');
});

test('a command that blocks says for how long, and Ctrl-C or Stop ends it', async ({ page }) => {
  const { enter, console, line, log } = await openConsole(page);
  await enter('SELECT 2', 'BLPOP queue 0');
  await expect(console.getByText('Waits for the reply to BLPOP queue 0')).toBeVisible();
  await line.press('Control+c');
  await expect(log).toContainText('^C');
  await enter('BLPOP queue 0');
  await console.getByRole('button', { name: 'Stop', exact: true }).click();
  await enter('PING');
  await expect(log).toContainText('PONG');
});

test('two connections: one waits, the other gives', { tag: '@desktop' }, async ({ page }) => {
  const { enter, console, log } = await openConsole(page);
  await enter('BLPOP queue 0');
  await console.getByRole('button', { name: 'New connection' }).click();
  await expect(console.getByRole('tab')).toHaveCount(2);
  await enter('RPUSH queue job');
  await console.getByRole('tab', { name: /Console 1/ }).click();
  await expect(log).toContainText('1) "queue"\n2) "job"', { useInnerText: true });
  await console.getByRole('tab', { name: /Console 1/ }).press('Delete');
  await expect(console.getByRole('tab')).toHaveCount(1);
});

test('messages and MONITOR lines stream in', { tag: '@desktop' }, async ({ page }) => {
  const { enter, console, log, prompt, line } = await openConsole(page);
  await enter('SUBSCRIBE news');
  await expect(prompt).toHaveText('127.0.0.1:6379(subscribed mode)>');
  await expect(log).toHaveAttribute('aria-live', 'off');
  await console.getByRole('button', { name: 'New connection' }).click();
  await enter('PUBLISH news hello', 'MONITOR');
  await console.getByRole('tab', { name: /Console 1/ }).click();
  await expect(log).toContainText('1) "message"\n2) "news"\n3) "hello"', { useInnerText: true });
  await line.press('Control+c');
  await expect(prompt).toHaveText('127.0.0.1:6379>');
  await enter('SET seen 1');
  await console.getByRole('tab', { name: /Console 2/ }).click();
  await expect(log).toContainText(/\[0 .+\] "SET" "seen" "1"/);
});

test('several pasted lines run one after the other, remarks stripped', async ({ page }) => {
  const { line, log } = await openConsole(page);
  await paste(page, line, '# two commands\nSET a 1   # a remark\nGET a\n');
  await expect(log).toContainText('The remark was stripped; a real server would have received it.');
  await expect(log).toContainText('"1"');
});

test('a pasted session is compared with its replies', { tag: '@desktop' }, async ({ page }) => {
  const { line, log } = await openConsole(page);
  const prompt = '127.0.0.1:6379>';
  await paste(page, line, `${prompt} SET a 1\nOK\n${prompt} GET a\n"2"\n`);
  await expect(log).toContainText('The pasted session shows the same reply.');
  await expect(log).toContainText('The pasted session shows another reply:\n"2"', {
    useInnerText: true,
  });
});

test('RESP3 is a switch', { tag: '@desktop' }, async ({ page }) => {
  const { enter, console, log } = await openConsole(page);
  await console.getByRole('button', { name: /Protocol RESP2/ }).click();
  await expect(console.getByRole('button', { name: /Protocol RESP3/ })).toBeVisible();
  await enter('HSET h f v', 'HGETALL h');
  await expect(log).toContainText('1# "f" => "v"');
});

test('a reply of a megabyte folds, and the page goes on', async ({ page }) => {
  const { enter, console, log } = await openConsole(page);
  await enter('SETRANGE big 999999 x', 'GET big');
  await expect(console.getByRole('button', { name: /^Show .+ more characters/ })).toBeVisible();
  await enter('EVAL "local t = {} for i = 1, 1000 do t[i] = i end return t" 0');
  await console.getByRole('button', { name: /^Show .+ more lines/ }).click();
  const started = Date.now();
  await enter('PING');
  await expect(log).toContainText('PONG');
  expect(Date.now() - started).toBeLessThan(2000);
});

test('the keyboard is never caught: Esc and an empty field let go', { tag: '@desktop' }, async ({
  page,
}) => {
  const { line } = await openConsole(page);
  await line.focus();
  await line.press('Tab');
  await expect(line).not.toBeFocused();
  await line.focus();
  await line.pressSequentially('GE');
  await line.press('Escape');
  await expect(line).not.toBeFocused();
});

test('a row of keys stands in for what a phone lacks', async ({ page, isMobile }) => {
  const { console, line, enter } = await openConsole(page);
  const keys = console.getByRole('toolbar', { name: 'Keys' });
  if (!isMobile) {
    await expect(keys).toBeHidden();
    return;
  }
  await enter('PING');
  await line.tap();
  await keys.getByRole('button', { name: 'Earlier line' }).tap();
  await expect(line).toHaveValue('PING');
  await line.fill('SET k ');
  await keys.getByRole('button', { name: 'Double quotes' }).tap();
  await page.keyboard.type('a b');
  await expect(line).toHaveValue('SET k "a b"');
  expect(
    await line.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize)),
  ).toBeGreaterThanOrEqual(16);
});

test('a screen reader finds nothing amiss', async ({ page }) => {
  const { enter, line } = await openConsole(page);
  await enter('PING', 'NOSUCH', 'LPUSH l a', 'BLPOP none 0');
  await expect(page.getByRole('timer')).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await line.press('Control+c');
  await line.pressSequentially('Z');
  await line.press('Tab');
  expect(await accessibilityViolations(page)).toEqual([]);
});

/** Pastes as a reader does: the text is in the clipboard, the field has the focus. */
async function paste(page: Page, field: ReturnType<Page['getByRole']>, text: string) {
  await field.focus();
  await page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);
}
