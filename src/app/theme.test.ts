import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { typeLooks } from '../ui/types.ts';

/** Lightness, chroma, hue in degrees. */
type Oklch = readonly [number, number, number];

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');
const colours = readColours(css);
const themes = ['light', 'dark'] as const;
const grounds = ['paper', 'raised', 'sunk'];
const meanings = ['accent', 'ok', 'bad', 'wait', 'info'];
const types = Object.keys(typeLooks).map((name) => `type-${name}`);

test.each(themes)('in %s, text is readable on every ground', (theme) => {
  for (const ground of grounds) expect.soft(ratio(theme, 'ink', ground), ground).toBeGreaterThan(7);
  expect(ratio(theme, 'ink-2', 'paper')).toBeGreaterThan(7);
  expect(ratio(theme, 'on-accent', 'accent')).toBeGreaterThan(7);
  for (const ground of ['raised', 'sunk']) {
    expect.soft(ratio(theme, 'ink-2', ground), ground).toBeGreaterThan(4.5);
  }
});

test.each(themes)('in %s, a meaning and a type can be read as text', (theme) => {
  for (const name of [...meanings, ...types]) {
    expect.soft(ratio(theme, name, 'paper'), name).toBeGreaterThan(7);
    for (const ground of grounds) {
      expect.soft(ratio(theme, name, ground), `${name} on ${ground}`).toBeGreaterThan(4.5);
    }
  }
});

test.each(themes)('in %s, soft grounds carry ink and their own meaning', (theme) => {
  for (const name of meanings) {
    expect.soft(ratio(theme, 'ink', `${name}-soft`), name).toBeGreaterThan(7);
    expect.soft(ratio(theme, name, `${name}-soft`), name).toBeGreaterThan(4.5);
  }
});

test.each(themes)('in %s, a border that means something is seen', (theme) => {
  for (const ground of grounds) {
    expect.soft(ratio(theme, 'border', ground), ground).toBeGreaterThan(3);
  }
});

test.each(themes)('in %s, a share of the slots carries a name', (theme) => {
  for (let n = 1; n <= 6; n++) {
    expect.soft(ratio(theme, 'on-accent', `shard-${n}`), `shard-${n}`).toBeGreaterThan(4.5);
  }
});

test('the types share one lightness in each theme, and no two a glyph or a hue', () => {
  for (const theme of themes) {
    const lightness = types.map((name) => colourOf(theme, name)[0]);
    expect(new Set(lightness).size).toBe(1);
    const hues = types.map((name) => colourOf(theme, name)[2]);
    expect(new Set(hues).size).toBe(types.length);
  }
  const glyphs = Object.values(typeLooks).map(({ glyph }) => glyph);
  expect(new Set(glyphs).size).toBe(glyphs.length);
});

test('each token that Tailwind is given exists', () => {
  const given = [...css.matchAll(/--color-[\w-]+: var\(--([\w-]+)\)/g)].map(([, name]) => name);
  expect(given.length).toBeGreaterThan(20);
  expect(given.filter((name) => !colours.has(name ?? ''))).toEqual([]);
});

function readColours(text: string) {
  const colour = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
  const pair = new RegExp(String.raw`--([\w-]+): light-dark\(${colour}, ${colour}\)`, 'g');
  return new Map(
    [...text.matchAll(pair)].map(([, name = '', ...numbers]) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers.map(Number);
      return [name, { light: [a, b, c], dark: [d, e, f] }] as const;
    }),
  );
}

function colourOf(theme: 'light' | 'dark', name: string): Oklch {
  const pair = colours.get(name);
  if (!pair) throw new Error(`no colour --${name}`);
  return pair[theme] as Oklch;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function ratio(theme: 'light' | 'dark', a: string, b: string): number {
  const [x, y] = [luminance(colourOf(theme, a)), luminance(colourOf(theme, b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** From OKLCH to linear sRGB, whose weighted sum it is. https://www.w3.org/TR/css-color-4/#ok-lab */
function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  const shown = (channel: number) => Math.min(1, Math.max(0, channel));
  return 0.2126 * shown(red) + 0.7152 * shown(green) + 0.0722 * shown(blue);
}
