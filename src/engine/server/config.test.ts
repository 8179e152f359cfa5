import { expect, test } from 'vitest';
import { Config, directiveNames, findDirective } from './config.ts';
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
