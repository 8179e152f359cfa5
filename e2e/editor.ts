/** Editors, which begin as plain boxes and become Monaco where a mouse is. */
import type { Locator } from '@playwright/test';

/** Puts a text into an editor, whether it is a plain box or Monaco, which indents what is typed. */
export async function write(box: Locator, text: string): Promise<void> {
  await box.focus();
  const page = box.page();
  await page.keyboard.press('ControlOrMeta+A');
  if (text === '') await page.keyboard.press('Delete');
  else if (await page.evaluate(isMonaco)) await page.evaluate(paste, text);
  else await page.keyboard.insertText(text);
}

const isMonaco = (): boolean => document.activeElement?.closest('.monaco-editor') != null;

function paste(text: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
}
