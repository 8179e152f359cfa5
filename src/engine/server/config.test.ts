import { expect, test } from 'vitest';
import { Config, directiveNames, findDirective } from './config.ts';
import { directives } from './config-rows.ts';
import { defaultSettings } from './settings.ts';

test('the defaults of the rows are those of the settings', () => {
  const settings = defaultSettings();
  new Config(settings);
  expect(settings).toEqual(defaultSettings());
});

test('every default is read back as it is printed', () => {
  const config = new Config(defaultSettings());
  for (const name of directiveNames) {
    const text = config.text(name);
    expect([name, findDirective(name)?.read(text, '').text]).toEqual([name, text]);
  }
});

test('no name stands for two directives', () => {
  expect(new Set(directiveNames).size).toBe(directiveNames.length);
  expect(directiveNames.length).toBeGreaterThan(195);
});

test('what a listener refuses changes nothing, in the other directives either', () => {
  const settings = defaultSettings();
  const config = new Config(settings);
  config.onChange('appendonly', () => 'not today');
  const pairs = [
    ['timeout', '5'],
    ['appendonly', 'yes'],
  ] as const;
  expect(() => config.set(pairs, false)).toThrow(
    "ERR CONFIG SET failed (possibly related to argument 'appendonly') - not today",
  );
  expect([settings.timeout, config.text('timeout'), config.text('appendonly')]).toEqual([
    0,
    '0',
    'no',
  ]);
});

test('a listener hears of changes only', () => {
  const config = new Config(defaultSettings());
  const heard: string[] = [];
  config.onChange('requirepass', (text) => void heard.push(text));
  config.set([['requirepass', '']], false);
  config.set([['requirepass', 'secret']], false);
  expect(heard).toEqual(['secret']);
});

test('what can only be set at the start can be set at the start', () => {
  const settings = defaultSettings();
  expect(
    new Config(settings, { databases: '4', 'slave-priority': '7' }).text('replica-priority'),
  ).toBe('7');
  expect(settings.databases).toBe(4);
});

const sources = import.meta.glob<string>(
  ['../**/*.ts', '../../hosts/*.ts', '!**/*.test.ts', '!**/config-rows*.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

/** Their names are put together, or read from what the host was told. */
const composed = ['enable-debug-command', 'shutdown-on-sigint', 'shutdown-on-sigterm'];
composed.push('bind');

test('a directive is inert when and only when nothing asks for it', () => {
  const all = Object.values(sources).join('\n');
  const isAsked = (name: string) =>
    composed.includes(name) ||
    new RegExp(`(text|says|onChange|allows)\\(\\s*'${name}'|config\\['${name}'\\]`).test(all);
  const wrong = directives
    .filter(({ isStored }) => !isStored)
    .filter(({ name, aliases, isInert }) => isInert === [name, ...aliases].some(isAsked))
    .map(({ name, isInert }) => `${name} is ${isInert ? 'asked for' : 'asked for by nobody'}`);
  expect(wrong).toEqual([]);
});
