/** The Files tab of the workbench: the disks of the lab's hosts. */
import { expect, test } from './school.ts';

test('@desktop a loss of power takes what was not synced, and says how much', async ({
  lessonPage,
}) => {
  await lessonPage.open('rdb-vs-aof');
  await lessonPage.show('Console');
  await lessonPage.enter('CONFIG SET appendonly yes', 'CONFIG SET appendfsync no', 'SET key hello');
  await expect(lessonPage.log).toContainText('SET key hello');
  const { dock } = lessonPage;
  await dock.getByRole('tab', { name: 'Files', exact: true }).click();
  await dock.getByRole('button', { name: 'appendonly.aof.1.incr.aof' }).click();
  await expect(dock.getByRole('row', { name: 'SET “key” “hello”' })).toBeVisible();
  await dock.getByRole('button', { name: 'Back to all files' }).click();
  await dock.getByRole('button', { name: 'Crash now' }).click();
  await expect(dock.getByRole('status')).toContainText('What was not synced is lost');
  await expect(dock.getByRole('status')).toContainText(/incr\.aof: \d+ bytes/);
  await dock.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(dock.getByRole('status')).toContainText('Started from the files of this disk');
  await lessonPage.show('Console');
  // As with redis-cli the first command finds that the connection is gone.
  await lessonPage.enter('PING', 'EXISTS key');
  await expect(lessonPage.log).toContainText('(integer) 0');
});

test('@desktop what Python writes lies on the disk, and can be edited', async ({ lessonPage }) => {
  await lessonPage.open('connecting-basic-operations');
  const block = lessonPage.block('Set, get, delete');
  await lessonPage.edit(block, 'with open("visits.csv", "w") as f: f.write("page,visits\\n")');
  await block.getByRole('button', { name: 'Run' }).click();
  const { dock } = lessonPage;
  await dock.getByRole('tab', { name: 'Files', exact: true }).click();
  await dock.getByRole('button', { name: 'visits.csv' }).click({ timeout: 60_000 });
  const text = dock.getByRole('textbox', { name: 'The text of /root/visits.csv' });
  await expect(text).toHaveValue('page,visits\n');
  await text.fill('page,visits\nhome,1\n');
  await dock.getByRole('button', { name: 'Save to the disk' }).click();
  await expect(dock.getByText('19 bytes')).toBeVisible();
});
