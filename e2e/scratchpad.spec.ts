/** The scratchpad: whatever a link brings is shown, and runs only when its reader says so. */
import type { Page } from '@playwright/test';
import { fragmentOf } from '../src/scratchpad/address.ts';
import { starters } from '../src/scratchpad/kinds.ts';
import { accessibilityViolations } from './axe.ts';
import { write } from './editor.ts';
import { expect, test } from './school.ts';

const output = (page: Page) => page.getByTestId('output');

test('commands from a link run when Run is pressed, and not before', async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('redis', 'SET a "é"\nGET a\nB> INCR a')}`);
  await expect(output(page)).toHaveAttribute('data-state', 'idle');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done');
  await expect(output(page)).toContainText('"\\xc3\\xa9"');
  await expect(output(page)).toContainText('not an integer');
  expect(await accessibilityViolations(page)).toEqual([]);
});

test('a text that is no transcript fails at its line', { tag: '@desktop' }, async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('redis', 'SET a 1\n@jump')}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed');
  await expect(output(page)).toContainText('line 2: unknown directive @jump');
});

test('a script runs by EVAL, and its error is a failure', { tag: '@desktop' }, async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('lua', "return {1, 'two'}")}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done');
  await expect(output(page)).toContainText('2) "two"');
  await write(page.getByRole('textbox').first(), 'return nosuch.thing');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed');
});

test('a script that never ends can be stopped', { tag: '@desktop' }, async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('lua', 'while true do end')}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'running');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed');
  await expect(output(page)).toContainText('Stopped.');
});

test('a manifest becomes pods, or is refused in the words of kubectl', {
  tag: '@desktop',
}, async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('yaml', 'kind: Service')}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed');
  await expect(output(page)).toContainText('error validating data: apiVersion not set');
  await write(page.getByRole('textbox'), starters.yaml ?? '');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done', { timeout: 15_000 });
  await expect(output(page)).toContainText('statefulset.apps/redis created');
  await expect(output(page)).toContainText(/redis-0 +1\/1 +Running/);
});

test('a damaged link says what is wrong with it', { tag: '@desktop' }, async ({ page }) => {
  await page.goto('/scratchpad#kind=cobol&code=QQ');
  await expect(page.getByRole('alert')).toContainText('the kind “cobol”');
  await page.goto('/scratchpad#kind=redis&code=%%%');
  await expect(page.getByRole('alert')).toContainText('damaged');
  await page.getByRole('link', { name: 'Open an empty scratchpad' }).click();
  await expect(page.getByRole('textbox')).toHaveValue(/SET greeting/);
});

test('a text is shared by its address', async ({ page }) => {
  await page.goto('/scratchpad');
  await write(page.getByRole('textbox'), 'PING');
  await page.getByRole('button', { name: 'Share link' }).click();
  await expect(page).toHaveURL(new RegExp(fragmentOf('redis', 'PING').slice(1)));
  await page.reload();
  await expect(page.getByRole('textbox')).toHaveValue('PING');
});

test('a shell script runs, line by line, with pipes and servers of its own', {
  tag: '@desktop',
}, async ({ page }) => {
  const script = [
    'redis-cli SET greeting "hello"',
    'redis-cli GET greeting | tr a-z A-Z',
    'redis-server --port 6380 --daemonize yes',
    'for key in a b; do redis-cli -p 6380 SET $key 1; done',
    'redis-cli -p 6380 DBSIZE',
  ].join('\n');
  await page.goto(`/scratchpad${fragmentOf('shell', script)}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done');
  await expect(output(page)).toContainText(/OK\s+HELLO\s+OK\s+OK\s+\(integer\) 2/);
  await write(page.getByRole('textbox'), 'redis-cli MONITOR');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toContainText('OK');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed');
});

test('a redis.conf starts a server or is refused at its line', async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('conf', 'maxmemory 10mb\nappendonly yes')}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done');
  await expect(output(page)).toContainText('Ready to accept connections');
  await write(page.getByRole('textbox'), 'maxmemory 10mb\nappendonly perhaps');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'failed');
  await expect(output(page)).toContainText('Reading the configuration file, at line 2');
  await expect(output(page)).toContainText("argument must be 'yes' or 'no'");
});

test('an ACL file is read as the server reads it', { tag: '@desktop' }, async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('acl', 'user ada on nopass ~cache:* +get')}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done');
  await expect(output(page)).toContainText('~cache:*');
});

test('texts stay in tabs; a link gets one of its own and says what it would run', async ({
  page,
}) => {
  await page.goto('/scratchpad');
  await write(page.getByRole('textbox'), 'PING');
  await page.goto(`/scratchpad${fragmentOf('python', 'print(1)\nprint(2)')}`);
  await expect(page.getByText('The link brought 2 lines')).toBeVisible();
  await expect(page.getByRole('tab')).toHaveText(['Redis commands', 'Python']);
  await page.goto('/scratchpad');
  await page.getByRole('tab', { name: 'Redis commands' }).click();
  await expect(page.getByRole('textbox')).toHaveValue('PING');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await saving).suggestedFilename()).toBe('commands.redis');
});

test('what a server refuses is mended by one click', { tag: '@desktop' }, async ({ page }) => {
  await page.goto(`/scratchpad${fragmentOf('conf', 'port 6379\nmaxmemory-polici noeviction')}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('Line 2: Bad directive')).toBeVisible();
  await page.getByRole('button', { name: 'Write maxmemory-policy' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output(page)).toHaveAttribute('data-state', 'done');
});

test('the editor is fetched when it is gone into, suggests, and is left by Esc and Tab', {
  tag: '@desktop',
}, async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`/scratchpad${fragmentOf('redis', '')}`);
  await page.waitForLoadState('networkidle');
  expect(asked.filter((url) => /monaco|editor\.worker|codicon/.test(url))).toEqual([]);
  const text = page.getByRole('textbox', { name: 'Text from the link' });
  await text.focus();
  await expect(page.locator('.monaco-editor').first()).toBeVisible({ timeout: 30_000 });
  await expect(text).toBeFocused();
  await page.keyboard.type('hgeta');
  await expect(page.getByRole('option', { name: /hgetall/ })).toBeVisible({ timeout: 30_000 });
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.type(' user');
  await expect(page.locator('.view-line')).toHaveText(/^hgetall.user$/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Download' })).toBeFocused();
});
