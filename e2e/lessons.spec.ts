/** Every lesson, as its reader meets it: each example runs in the page and prints what it says. */
import type { Locator } from '@playwright/test';
import type { CodeBlock, Lesson } from '../src/lessons/lesson.ts';
import { parseTranscript } from '../src/transcript/parse.ts';
import { accessibilityViolations } from './axe.ts';
import { codeIn, isExample, isProgram, lessonOf, lessons } from './course.ts';
import { write } from './editor.ts';
import type { LessonPage } from './lesson-page.ts';
import { expect, test } from './school.ts';

const RUNS = 'every example runs and prints what the lesson says';

test('there are lessons', () => {
  expect(lessons.length).toBeGreaterThanOrEqual(6);
});

for (const some of chains(lessons.slice(1))) {
  const title = some.map(({ number }) => number).join(', ');
  test(`${title}: ${RUNS}`, { tag: '@desktop' }, async ({ lessonPage }) => {
    test.setTimeout(120_000 * some.length);
    for (const [index, lesson] of some.entries()) {
      await test.step(lesson.title, async () => {
        if (index === 0) await lessonPage.open(lesson.slug);
        else await lessonPage.goOnTo(lesson);
        await runAll(lesson, lessonPage);
      });
    }
  });
}

test(`${lessons[0]?.title}: ${RUNS}`, async ({ lessonPage }) => {
  const [first] = lessons as readonly [Lesson];
  await lessonPage.open(first.slug);
  await runAll(first, lessonPage);
});

test('nothing sticks out of any lesson on a narrow page', { tag: '@phone' }, async ({
  page,
  lessonPage,
}) => {
  test.setTimeout(240_000);
  for (const [index, lesson] of lessons.entries()) {
    if (index === 0) await lessonPage.open(lesson.slug);
    else await lessonPage.goOnTo(lesson);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width, lesson.title).toBeLessThanOrEqual(0);
  }
});

for (const [index, lesson] of lessons.entries()) {
  const [desktop, phone] = [themesFor(index, false), themesFor(index, true)];
  if (desktop.length + phone.length === 0) continue;
  const tag = phone.length === 0 ? '@desktop' : desktop.length === 0 ? '@phone' : [];
  test(`${lesson.title} is accessible`, { tag }, async ({ page, lessonPage, isMobile }) => {
    const themes = themesFor(index, isMobile);
    await page.emulateMedia({ colorScheme: themes[0] ?? 'light', reducedMotion: 'reduce' });
    await lessonPage.open(lesson.slug);
    // Demonstrations may have such a button, too.
    const examples = page.locator('[data-block]');
    await examples.getByRole('button', { name: 'Run', exact: true }).first().click();
    await expect(page.locator('article[aria-busy=true]')).toHaveCount(0);
    const compare = page.getByRole('button', { name: 'Compare with a good answer' });
    if ((await compare.count()) > 0) await compare.first().click();
    await showDemos(lessonPage);
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityViolations(page)).toEqual([]);
    }
  });
}

/** Lessons that are run on one page, one after the other: it loads Python once. */
function chains(all: readonly Lesson[]): Lesson[][] {
  const LENGTH = 3;
  const starts = all.flatMap((_, i) => (i % LENGTH === 0 ? [i] : []));
  return starts.map((start) => all.slice(start, start + LENGTH));
}

async function runAll(lesson: Lesson, { page }: LessonPage): Promise<void> {
  await page.getByRole('button', { name: /^Run all/ }).click();
  await expect(page.locator('article[aria-busy=true]')).toHaveCount(0, { timeout: 90_000 });
  for (const example of codeIn(lesson).filter(isExample)) {
    const block = page.locator(`[data-block="${example.id}"]`);
    await expect(block, example.id).not.toContainText('It could not be run');
    await expectReplies(block, example);
  }
  for (const { id, output } of codeIn(lesson).filter(isProgram)) {
    const printed = page.locator(`[data-block="${id}"] [data-testid=screen]`);
    await expect(printed, id).toHaveText(output ?? '', { useInnerText: true });
  }
}

/**
 * In which themes axe looks at a lesson on this width. The first one in all four ways, and every
 * fifth one in one way, all four in turn: they differ in what they say, not in what shows it, and on
 * a page of this length axe takes its time.
 */
function themesFor(index: number, isMobile: boolean): ('light' | 'dark')[] {
  if (index === 0) return ['light', 'dark'];
  const isHere = index % 5 === 0 && (index % 2 === 0) === isMobile;
  return isHere ? [index % 4 < 2 ? 'light' : 'dark'] : [];
}

test.describe('the lesson page', () => {
  test('an example run alone runs what it builds on, and says so', { tag: '@desktop' }, async ({
    page,
    lessonPage,
  }) => {
    await lessonPage.open('transactions');
    const block = page.locator('[data-block=unseen]');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(block).toContainText('after the example before it');
    await expect(block).toContainText('1) (integer) 40');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(block).toContainText('1) (integer) 40');
    await expect(block.getByText('(integer) 40')).toHaveCount(1);
  });

  test('a run says what has changed, key by key', async ({ page, lessonPage }) => {
    await lessonPage.open('transactions');
    const block = page.locator('[data-block=transfer]');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    const changes = block.locator('summary');
    await expect(changes).toContainText('account:alice');
    await changes.click();
    const comparison = block.getByRole('table').first();
    await expect(comparison.getByRole('row', { name: /Value/ })).toContainText('"50"');
    await expect(comparison.getByRole('row', { name: /Encoding/ })).toContainText('int');
  });

  test('an example can be changed, run and restored', async ({ page, lessonPage }) => {
    await lessonPage.open('transactions');
    const block = page.locator('[data-block=transfer]');
    await lessonPage.choose(block, 'Edit');
    const text = block.getByRole('textbox', { name: 'Text of the example' });
    await expect(text).toBeFocused();
    await write(text, 'SET mine 42\nGET mine');
    await text.press('Control+Enter');
    await expect(block).toContainText('"42"');
    await expect(block).toContainText('edited');
    await write(text, '@jump');
    await block.getByRole('button', { name: 'Run this' }).click();
    await expect(block).toContainText('line 1: unknown directive @jump');
    await block.getByRole('button', { name: 'Done' }).click();
    await expect(text).toHaveCount(0);
  });

  test('a script of Lua is called with other words, as a library, and step by step', {
    tag: '@desktop',
  }, async ({ lessonPage }) => {
    await lessonPage.open('lua-scripting');
    const block = lessonPage.block('Mended').first();
    await block.getByLabel('ARGV').fill('60 1');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(block.locator('.term').last()).toHaveText('1) (integer) 1\n2) (integer) 0', {
      useInnerText: true,
    });
    await block.getByRole('button', { name: 'Step through' }).click();
    await expect(block.getByText('Call 1 of 5')).toBeVisible();
    await block.getByLabel('KEYS').fill('"a b"');
    const text = "#!lua name=mine\nredis.register_function('first', function(k) return k[1] end)";
    await lessonPage.edit(block, text);
    await block.getByRole('button', { name: 'Run this' }).click();
    await expect(block).toContainText('> FCALL first 1 "a b" 60 1');
  });

  test('the three resets are three, and each can be undone', async ({ page, lessonPage }) => {
    await lessonPage.open('transactions');
    const block = page.locator('[data-block=transfer]');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(block).toContainText('4) (integer) 250');

    await page.getByRole('button', { name: 'Clear output' }).click();
    await expect(block).not.toContainText('(integer) 250');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(block).toContainText('4) (integer) 250');

    const keys = lessonPage.dock;
    await lessonPage.show('Keys');
    await expect(keys.getByRole('button', { name: 'account:alice' })).toBeVisible();
    await lessonPage.lowerDock();
    await page.getByRole('button', { name: 'Restart server' }).click();
    await lessonPage.show('Keys');
    await expect(keys).toContainText('The database is empty');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(keys.getByRole('button', { name: 'account:alice' })).toBeVisible();
  });

  test('the console is on the same server, and Keys shows what it does', async ({
    page,
    lessonPage,
  }) => {
    await lessonPage.open('transactions');
    await page
      .locator('[data-block=transfer]')
      .getByRole('button', { name: 'Run', exact: true })
      .click();
    await expect(page.locator('[data-block=transfer]')).toContainText('(integer) 250');
    const console = lessonPage.dock;
    await lessonPage.show('Console');
    await expect(console.getByRole('tab', { name: 'rival' })).toBeVisible();
    await lessonPage.enter('GET account:bob');
    await expect(console.getByText('"250"', { exact: true })).toBeVisible();
    await lessonPage.enter('SET session:1 ada EX 100');
    await expect(console.getByText('OK', { exact: true })).toBeVisible();
    const keys = lessonPage.dock;
    await lessonPage.show('Keys');
    const row = keys.getByRole('row', { name: /session:1/ });
    await expect(row).toContainText(/\d+\ss/);
    await keys.getByLabel('Filter keys by name').fill('account');
    await expect(row).toHaveCount(0);
    await keys.getByRole('button', { name: 'account:bob' }).click();
    await expect(keys).toContainText('"250"');
    await keys.getByRole('button', { name: 'Back to all keys' }).click();
    await expect(keys.getByRole('button', { name: 'account:bob' })).toBeVisible();
  });

  test('an example that needs the server of the console offers to bring that back', {
    tag: '@desktop',
  }, async ({ page, lessonPage }) => {
    await lessonPage.open('transactions');
    const console = lessonPage.dock;
    await lessonPage.show('Console');
    await lessonPage.enter('SET account:alice mine');
    await expect(console.getByText('OK', { exact: true })).toBeVisible();
    await lessonPage.lowerDock();
    const block = page.locator('[data-block=transfer]');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(block).toContainText('4) (integer) 250');
    await page.getByRole('button', { name: 'Bring it back' }).click();
    await lessonPage.show('Console');
    await lessonPage.enter('GET account:alice');
    await expect(console.getByText('"mine"', { exact: true })).toBeVisible();
  });

  test('an example goes along to the scratchpad', { tag: '@desktop' }, async ({
    page,
    lessonPage,
  }) => {
    await lessonPage.open('transactions');
    const block = page.locator('[data-block=discard]');
    await lessonPage.choose(block, 'Open in scratchpad');
    await expect(page).toHaveURL(/\/scratchpad#kind=redis&code=/);
    await expect(page.getByRole('textbox')).toHaveValue(/DISCARD/);
    await expect(page.getByTestId('output')).toHaveAttribute('data-state', 'idle');
  });

  test('a lesson that was left is found as it was', async ({ page, lessonPage }) => {
    await lessonPage.open('transactions');
    const block = page.locator('[data-block=transfer]');
    await block.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(block).toContainText('4) (integer) 250');
    await page.getByRole('link', { name: 'Keyspace' }).click();
    await page.goBack();
    await expect(block).toContainText('4) (integer) 250');
  });

  test('its address may name a section, and a reload leads back to where one was', {
    tag: '@desktop',
  }, async ({ page, lessonPage }) => {
    const id = lessonOf('transactions').sections.at(-1)?.id;
    await lessonPage.open(`transactions#${id}`);
    const heading = page.locator(`h2[id="${id}"]`);
    await expect(heading).toBeInViewport();
    await page.mouse.wheel(0, -2000);
    await expect(heading).not.toBeInViewport();
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(700);
    const at = await page.evaluate(() => scrollY);
    await page.reload();
    await expect(heading).toBeAttached();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(at);
  });

  test('it ends with what to do next', async ({ page, lessonPage }) => {
    await lessonPage.open('transactions');
    const next = page.getByRole('region', { name: 'Next' });
    await expect(next).toContainText(/0 of \d+ exercises/);
    await next.getByRole('link', { name: /^Next: 8/ }).click();
    await expect(page).toHaveURL(/\/lessons\/pipelining$/);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  });

  test('the course is at hand, as a column or as a drawer', async ({
    page,
    isMobile,
    lessonPage,
  }) => {
    await lessonPage.open('transactions');
    if (isMobile) await page.getByRole('button', { name: 'Course' }).click();
    const map = page.getByRole('navigation', { name: 'Course' });
    await expect(map.getByRole('link', { name: /Transactions/ })).toHaveAttribute(
      'aria-current',
      'page',
    );
    await map.getByRole('link', { name: /Pipelining/ }).click();
    await expect(page).toHaveURL(/pipelining/);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('a lesson that is not there says so', { tag: '@desktop' }, async ({ page }) => {
    await page.goto('/lessons/no-such-lesson');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('No such lesson');
  });
});

/** Demonstrations are fetched when they come near the window. */
async function showDemos({ text }: LessonPage): Promise<void> {
  for (const demo of await text.getByRole('figure').all()) {
    await demo.scrollIntoViewIfNeeded();
    await expect(demo.getByText('Loading this demonstration')).toHaveCount(0);
  }
}

/** Every reply that the lesson records stands in the block, in order. */
async function expectReplies(block: Locator, { code }: CodeBlock): Promise<void> {
  const more = block.getByRole('button', { name: /^Show \d+ more lines/ });
  while ((await more.count()) > 0) await more.first().click();
  const shown = squeezed(await block.locator('.term').innerText());
  let from = 0;
  for (const { reply, varies } of parseTranscript(code.source)) {
    if (varies || !reply) continue;
    const at = shown.indexOf(squeezed(reply), from);
    expect(at, `${reply} in ${shown}`).toBeGreaterThanOrEqual(from);
    from = at;
  }
}

/** The page and the file may break and indent lines differently. */
const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();
