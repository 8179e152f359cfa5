/** What axe finds on the page as it stands: pairs of a rule and the elements that break it. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export async function accessibilityViolations(page: Page): Promise<[string, string[]][]> {
  // axe brings its own copy of Playwright's types, of another version; the page is the same.
  const axe = new AxeBuilder({ page: page as never }).options({
    // What passes it need not describe: on a lesson that is most of its work.
    resultTypes: ['violations'],
  });
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
