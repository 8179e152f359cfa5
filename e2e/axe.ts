/** What axe finds on the page as it stands: pairs of a rule and the elements that break it. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export async function accessibilityViolations(page: Page): Promise<[string, string[]][]> {
  // axe brings its own copy of Playwright's types, of another version; the page is the same.
  const { violations } = await new AxeBuilder({ page: page as never }).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
