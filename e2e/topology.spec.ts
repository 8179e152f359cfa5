/** The Topology tab: a data centre that is seen, broken and mended. */
import type { Page } from '@playwright/test';
import { accessibilityViolations } from './axe.ts';
import { expect, test } from './school.ts';

const diagram = (page: Page) => page.getByRole('group', { name: 'Diagram of the servers' });
const node = (page: Page, name: string) =>
  diagram(page).getByRole('button', { name: new RegExp(`^${name},`) });
const happened = (page: Page) => page.getByRole('log', { name: 'What happened' });

test('a primary is killed, and its replicas notice', { tag: '@desktop' }, async ({
  page,
  lessonPage,
}) => {
  await lessonPage.open('replication');
  await lessonPage.show('Topology');
  await expect(node(page, 'node2')).toHaveAccessibleName(
    /replica, running, follows node1, in step/,
  );
  await node(page, 'node1').click();
  await page.getByRole('button', { name: 'Kill: node1' }).click();
  await expect(node(page, 'node1')).toHaveAccessibleName(/primary, down/);
  await expect(node(page, 'node2')).toHaveAccessibleName(/link down/);
  await expect(happened(page)).toContainText('node1 is killed');
  await expect(happened(page)).toContainText('node3 has lost its primary');
  await node(page, 'node2').click();
  await page.getByRole('button', { name: 'Console: node2' }).click();
  await lessonPage.enter('REPLICAOF NO ONE');
  await expect(lessonPage.log).toContainText('OK');
  await lessonPage.show('Topology');
  await expect(node(page, 'node2')).toHaveAccessibleName(/^node2, primary, running/);
});

test('a cluster replaces a primary, step by step', { tag: '@desktop' }, async ({
  page,
  lessonPage,
}) => {
  await lessonPage.open('cluster-horizontal-scaling');
  await lessonPage.show('Topology');
  await node(page, 'node3').click();
  await page.getByRole('button', { name: 'Kill: node3' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const step = page.getByRole('button', { name: 'Step', exact: true });
  await expect(async () => {
    await step.click();
    await expect(happened(page)).toContainText('has won the election', { timeout: 500 });
  }).toPass();
  await expect(happened(page)).toContainText('declares node3 failed (FAIL)');
  await expect(node(page, 'node6')).toHaveAccessibleName(/primary, running, 5.461 slots/);
  await expect(page.getByText('10923–16383 node6')).toBeVisible();
});

test('all of it by keyboard, and as a list', { tag: '@desktop' }, async ({ page, lessonPage }) => {
  await lessonPage.open('replication');
  await lessonPage.show('Topology');
  await node(page, 'node1').focus();
  await page.keyboard.press('Tab');
  await expect(node(page, 'node2')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Link node1 – node2/ }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Cut: node1 – node2' }).press('Enter');
  const mend = page.getByRole('button', { name: 'Mend: node1 – node2' });
  await expect(mend).toBeVisible();
  await page.getByRole('button', { name: 'As a list' }).press('Enter');
  await expect(page.getByText('node1 – node2: replication, cut')).toBeVisible();
  await page.getByRole('button', { name: 'Mend its links: node2' }).press('Enter');
  await expect(page.getByText('node1 – node2: replication, whole')).toBeVisible();
});

test('on a phone it fits, and can be read out', { tag: '@phone' }, async ({ page, lessonPage }) => {
  await lessonPage.open('cluster-horizontal-scaling');
  await lessonPage.show('Topology');
  await expect(node(page, 'node6')).toBeVisible();
  await node(page, 'node1').tap();
  await expect(page.getByRole('button', { name: 'Kill: node1' })).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(width).toBeLessThanOrEqual(0);
  const panel = page.getByRole('region', { name: 'Topology' });
  expect(await panel.evaluate((it) => it.scrollWidth - it.clientWidth)).toBeLessThanOrEqual(0);
  expect(await accessibilityViolations(page)).toEqual([]);
});
