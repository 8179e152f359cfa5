import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schedule } from './attempt.ts';
import type { Channel } from './channel.ts';
import { emptyProgress, type Progress } from './progress.ts';
import { createShelf, SHELF_KEY } from './shelf.ts';
import { createProgressStore } from './store.ts';

test('progress survives a reload', () => {
  const browser = openBrowser();
  const before = browser.openTab();
  before.begin('transactions');
  before.attempt('transactions', 'transfer', { kind: 'challenge', verdict: 'right' });
  before.set('theme', 'dark');
  const after = browser.openTab();
  expect(after.state().progress).toEqual(before.state().progress);
  expect(after.state().settings.theme).toBe('dark');
  expect(after.state().keeping).toEqual({ kind: 'saved' });
});

test('two tabs lose nothing, even when they do not hear each other', () => {
  const browser = openBrowser({ deaf: true });
  const [a, b] = [browser.openTab(), browser.openTab()];
  a.attempt('pub-sub', 'x', { kind: 'challenge', verdict: 'wrong' });
  b.attempt('pub-sub', 'x', { kind: 'challenge', verdict: 'wrong' });
  a.attempt('pub-sub', 'x', { kind: 'challenge', verdict: 'right' });
  b.begin('lua-scripting');
  expect(browser.openTab().state().progress.items['pub-sub/x']).toMatchObject({
    attempts: 3,
    solved: { firstTry: false },
  });
  expect(Object.keys(browser.openTab().state().progress.lessons)).toEqual(['lua-scripting']);
});

test('whatever two tabs do in whatever order, both and storage end up equal', () => {
  const act = fc.record({ tab: fc.nat(1), lesson: fc.constantFrom('a', 'b'), kind: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      const browser = openBrowser();
      const tabs = [browser.openTab(), browser.openTab()];
      let attempts = 0;
      for (const { tab, lesson, kind } of acts) {
        const state = tabs[tab]?.state();
        if (kind === 0) state?.begin(lesson);
        if (kind === 1) state?.hint(lesson, 'x', 'challenge', 1);
        if (kind === 2) state?.set('dailyCap', 1 + browser.now());
        if (kind < 3) continue;
        state?.attempt(lesson, 'x', { kind: 'quiz', verdict: kind === 3 ? 'right' : 'wrong' });
        attempts++;
      }
      const [a, b] = tabs.map((tab) => tab.state().progress);
      expect(a).toEqual(b);
      expect(a).toEqual(browser.openTab().state().progress);
      const total = Object.values(a?.items ?? {}).reduce((sum, item) => sum + item.attempts, 0);
      expect(total).toBe(attempts);
    }),
  );
});

test('where storage is blocked, it goes on in memory and says so', () => {
  const browser = openBrowser({ blocked: true });
  const [a, b] = [browser.openTab(), browser.openTab()];
  a.begin('transactions');
  expect(a.state().keeping).toEqual({ kind: 'memory', reason: 'blocked' });
  expect(a.state().progress.lessons).toHaveProperty('transactions');
  expect(b.state().progress.lessons).toHaveProperty('transactions');
});

test('where storage is full, it goes on in memory until there is room again', () => {
  const browser = openBrowser();
  const tab = browser.openTab();
  tab.begin('transactions');
  browser.full = true;
  tab.begin('pub-sub');
  expect(tab.state().keeping).toEqual({ kind: 'memory', reason: 'full' });
  expect(Object.keys(browser.openTab().state().progress.lessons)).toEqual(['transactions']);
  browser.full = false;
  tab.begin('lua-scripting');
  expect(tab.state().keeping).toEqual({ kind: 'saved' });
  expect(Object.keys(browser.openTab().state().progress.lessons)).toHaveLength(3);
});

test('an unreadable entry is put aside, whatever it is, and a new one begun', () => {
  const anyEntry = fc.oneof(fc.string({ minLength: 1 }), fc.json(), fc.constant('{"version":1}'));
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const browser = openBrowser();
      browser.entries.set(SHELF_KEY, entry);
      const tab = browser.openTab();
      const { asideKey } = tab.state();
      expect(browser.entries.get(asideKey ?? '')).toBe(entry);
      expect(tab.state().progress).toEqual(emptyProgress);
      tab.begin('transactions');
      expect(browser.openTab().state().progress.lessons).toHaveProperty('transactions');
    }),
  );
});

test('an entry that breaks while the page is open costs nothing of what the tab knows', () => {
  const browser = openBrowser();
  const tab = browser.openTab();
  tab.begin('transactions');
  browser.entries.set(SHELF_KEY, '{"broken');
  tab.begin('pub-sub');
  expect(Object.keys(browser.openTab().state().progress.lessons)).toHaveLength(2);
  expect(browser.entries.get(tab.state().asideKey ?? '')).toBe('{"broken');
});

test('an unreadable entry that cannot be put aside is not overwritten', () => {
  const browser = openBrowser();
  browser.entries.set(SHELF_KEY, 'mystery');
  browser.full = true;
  const tab = browser.openTab();
  tab.begin('transactions');
  expect(tab.state().keeping).toEqual({ kind: 'memory', reason: 'stuck' });
  expect(browser.entries.get(SHELF_KEY)).toBe('mystery');
});

test('the entry of a newer version of the page is left alone', () => {
  const browser = openBrowser();
  const entry = JSON.stringify({ version: 99, progress: { anything: 'new' } });
  browser.entries.set(SHELF_KEY, entry);
  const tab = browser.openTab();
  tab.begin('transactions');
  expect(tab.state().keeping).toEqual({ kind: 'memory', reason: 'newer' });
  expect(browser.entries.get(SHELF_KEY)).toBe(entry);
});

test('a reset reaches the other tab, and can be undone together with what came since', () => {
  const browser = openBrowser();
  const [a, b] = [browser.openTab(), browser.openTab()];
  a.begin('transactions');
  a.set('theme', 'dark');
  b.reset();
  expect(a.state().progress.lessons).toEqual({});
  expect(a.state().settings.theme).toBe('dark');
  a.begin('pub-sub');
  b.undo();
  expect(Object.keys(a.state().progress.lessons).sort()).toEqual(['pub-sub', 'transactions']);
  expect(b.state().undoable).toBeNull();
});

test('an import merges or replaces, and can be undone', () => {
  const file: Progress = {
    ...emptyProgress,
    lessons: { 'pub-sub': { begunAt: 1, section: null } },
  };
  const browser = openBrowser();
  const tab = browser.openTab();
  tab.begin('transactions');
  const before = tab.state().progress.lessons;
  tab.take(file, 'merge');
  expect(Object.keys(tab.state().progress.lessons)).toHaveLength(2);
  tab.undo();
  expect(tab.state().progress.lessons).toEqual(before);
  tab.take(file, 'replace');
  expect(browser.openTab().state().progress.lessons).toEqual(file.lessons);
  tab.undo();
  expect(browser.openTab().state().progress.lessons).toEqual(before);
});

test('opening a lesson again writes nothing', () => {
  const browser = openBrowser();
  const tab = browser.openTab();
  tab.begin('transactions');
  const { progress } = tab.state();
  tab.begin('transactions');
  expect(tab.state().progress).toBe(progress);
});

/** A browser with one storage and any number of tabs. `deaf` tabs never hear of each other. */
function openBrowser({ deaf = false, blocked = false } = {}) {
  const entries = new Map<string, string>();
  const listeners = new Set<(saved: unknown) => void>();
  let time = 0;
  const browser = { entries, full: false, now: () => time, openTab };
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem(key: string, value: string) {
      if (browser.full) throw new DOMException('no room', 'QuotaExceededError');
      entries.set(key, value);
    },
  };
  function openTab() {
    let hear: ((saved: unknown) => void) | undefined;
    const channel: Channel = {
      post(saved) {
        const copy: unknown = structuredClone(saved);
        if (!deaf) for (const listener of listeners) if (listener !== hear) listener(copy);
      },
      listen(listener) {
        hear = listener;
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const now = () => ++time;
    const shelf = createShelf(blocked ? undefined : storage, now);
    const store = createProgressStore({ shelf, channel, now, schedule });
    const state = store.getState;
    return { ...state(), state };
  }
  return browser;
}

const schedule: Schedule = ({ card, now, grade }) => ({
  due: now + (grade === 'again' ? 1 : 10),
  lastReview: now,
  stability: grade === 'good' ? 3 : 1,
  difficulty: 5,
  scheduledDays: 1,
  reps: (card?.reps ?? 0) + 1,
  lapses: 0,
  state: 'review',
});
