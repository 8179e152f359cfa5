/** Editors, which begin as plain boxes and become Monaco where a mouse is. */
import type { Locator } from '@playwright/test';

/** Puts a text into an editor, whether it is a plain box or Monaco. */
export async function write(box: Locator, text: string): Promise<void> {
  await box.focus();
  const { keyboard } = box.page();
  await keyboard.press('ControlOrMeta+A');
  if (text === '') await keyboard.press('Delete');
  else await keyboard.insertText(text);
}
