/** A lesson as its readers use it: the text with its examples and exercises, and the workbench. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Lesson } from '../src/lessons/lesson.ts';
import { write } from './editor.ts';

export class LessonPage {
  readonly text: Locator;
  /** All blocks of code, in the order of the lesson. */
  readonly blocks: Locator;
  readonly tools: Locator;
  readonly dock: Locator;

  constructor(readonly page: Page) {
    this.text = page.locator('article.lesson');
    this.blocks = this.text.locator('[aria-busy][aria-labelledby]');
    this.tools = this.text.getByRole('toolbar', { name: 'Examples and server' });
    this.dock = page.getByRole('complementary', { name: 'Workbench' });
  }

  async open(slug: string): Promise<void> {
    await this.page.goto(`/lessons/${slug}`);
    await expect(this.text.getByRole('heading', { level: 1 })).toBeVisible();
    await this.#isWhole();
  }

  /** Another lesson, as a link of the page leads there: what was loaded, such as Python, is kept. */
  async goOnTo({ slug, question }: Lesson): Promise<void> {
    await this.page.evaluate((path) => history.pushState(null, '', path), `/lessons/${slug}`);
    const heading = this.text.getByRole('heading', { level: 1 });
    await expect(heading).toHaveText(question);
    await this.#isWhole();
  }

  /** What to do next is the last thing of a lesson. */
  async #isWhole(): Promise<void> {
    await expect(this.text.getByRole('region', { name: 'Next' })).toBeVisible();
  }

  /** The block of code under a title. */
  block(title: string): Locator {
    return this.blocks.filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  exercise(id: string): Locator {
    return this.text.locator(`[id="${id}"]`);
  }

  /** What can be done with a block: a button, on a narrow screen in a menu. */
  async choose(block: Locator, action: string): Promise<void> {
    const more = block.getByRole('button', { name: 'More' });
    if (await more.isVisible()) {
      await more.click();
      await block.getByRole('menuitem', { name: action }).click();
    } else await block.getByRole('button', { name: action }).click();
  }

  /** Says what to put in the place of an example, which stays in its editor. */
  async edit(block: Locator, text: string): Promise<void> {
    await this.choose(block, 'Edit');
    await write(block.getByRole('textbox', { name: 'Text of the example' }), text);
  }

  async show(panel: 'Console' | 'Keys' | 'Topology'): Promise<void> {
    await this.dock.getByRole('tab', { name: panel, exact: true }).click();
  }

  /** On a narrow screen: out of the way of the text. */
  async lowerDock(): Promise<void> {
    const lower = this.dock.getByRole('button', { name: 'Lower Workbench' });
    while (await lower.isVisible()) await lower.click();
  }

  get log(): Locator {
    return this.dock.getByRole('log');
  }

  /** Types commands in the console that is in front. */
  async enter(...commands: string[]): Promise<void> {
    const line = this.dock.getByRole('combobox', { name: 'Command' });
    for (const command of commands) {
      await line.fill(command);
      await line.press('Enter');
    }
  }

  /** What has been printed in a place, reply by reply. */
  async printed(place: Locator): Promise<string[]> {
    return (await this.printedIn(place)).flat();
  }

  /** The same of several places. */
  printedIn(places: Locator): Promise<string[][]> {
    return places.evaluateAll((elements) =>
      elements.map((element) =>
        [...element.querySelectorAll('.term-reply')].map((reply) =>
          [...reply.querySelectorAll(':scope > div')]
            .map((row) => row.textContent.trimEnd())
            .join('\n'),
        ),
      ),
    );
  }
}
