/** What every browser test starts from: a page whose console must stay clean. */
import { test as base, expect } from '@playwright/test';
import { LessonPage } from './lesson-page.ts';

export const test = base.extend<{ lessonPage: LessonPage }>({
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await use(page);
    expect(complaints, 'errors in the console of the page').toEqual([]);
  },
  lessonPage: async ({ page }, use) => use(new LessonPage(page)),
});

export { expect };
