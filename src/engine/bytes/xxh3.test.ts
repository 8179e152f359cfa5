import { expect, test } from 'vitest';
import { xxh3Hex } from './xxh3.ts';

/** As the reference implementation counts, over the bytes 0, 1, 2, … of every way there is. */
const known: readonly (readonly [length: number, hash: string])[] = [
  [0, '2d06800538d394c2'],
  [1, 'c44bdff4074eecdb'],
  [2, 'd6645fc3051a9457'],
  [3, '5f4299fc161c9cbb'],
  [4, '60dab036a58211f2'],
  [8, '3a1c2d7c85af88f8'],
  [9, 'e9612598145bb9dc'],
  [16, '8355e3a6f61770db'],
  [17, '9ef341a99de37328'],
  [32, '3523581fe96e4c05'],
  [33, 'e68c56ba88991e58'],
  [64, '6187eb9089b0ed55'],
  [65, '6928c76ce90422d0'],
  [96, '278a3e12ea046dfb'],
  [97, 'e7220282dc4e14f4'],
  [128, '85c6174c7ff4c46b'],
  [129, 'ec7642b431ba3e5a'],
  [192, '981eb7df4a4911d7'],
  [240, '375a384d957fe865'],
  [241, '02e8cd95421c6d02'],
  [256, '9408a4433b952d71'],
  [1024, 'a870f92984398d22'],
  [1025, '78c86e91ee939852'],
  [1088, '280d4e7cb6579eb6'],
  [2048, 'dd420471ff96bd00'],
  [2049, '62dff343e7dbac9b'],
  [5000, '1b74bda2c82a8c7a'],
];

test.each(known)('%i bytes', (length, hash) => {
  const bytes = Array.from({ length }, (_, i) => String.fromCharCode(i & 255)).join('');
  expect(xxh3Hex(bytes)).toBe(hash);
});

test("the digest of redis's own test, which begins with zeros", () => {
  const text =
    'v8lf0c11xh8ymlqztfd3eeq16kfn4sspw7fqmnuuq3k3t75em5wdizgcdw7uc26nnf961u2jkfzkjytls2kwlj7626sd';
  expect(xxh3Hex(text)).toBe('00006c38adf31777');
});
