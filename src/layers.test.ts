import { cruise } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import config from './layers.cjs';

test('every import respects src/layers.cjs', async () => {
  const { output } = await cruise(['src'], {
    ruleSet: { forbidden: config.forbidden },
    validate: true,
    ...config.options,
  });
  if (typeof output === 'string') throw new Error(output);
  const { totalCruised, violations } = output.summary;
  // A parser that cannot read TypeScript finds nothing, and nothing wrong.
  expect(totalCruised).toBeGreaterThan(5);
  expect(violations.map((v) => `${v.from} -> ${v.to} (${v.rule.name})`)).toEqual([]);
}, 60_000);
