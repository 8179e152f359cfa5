import { expect, test } from 'vitest';
import { AUTHORITY, type Handshake, stepsOf } from './handshake-steps.ts';

const good: Handshake = {
  server: { subject: 'redis', issuer: AUTHORITY, daysLeft: 60 },
  client: { subject: 'app', issuer: AUTHORITY, daysLeft: 30 },
  authClients: 'yes',
  host: 'redis',
  offered: ['TLSv1.2', 'TLSv1.3'],
  accepted: ['TLSv1.3'],
};

const failure = (change: Partial<Handshake>): string | undefined =>
  stepsOf({ ...good, ...change }).find(({ fails }) => fails !== undefined)?.fails;

test('who shows what is asked for is let in', () => {
  expect(failure({})).toBeUndefined();
  expect(failure({ client: undefined, authClients: 'optional' })).toBeUndefined();
  expect(failure({ client: undefined, authClients: 'no' })).toBeUndefined();
});

test.each([
  [{ offered: ['TLSv1.2'] }, /no version in common/],
  [{ server: { ...good.server, issuer: 'other' } }, /unknown authority/],
  [{ server: { ...good.server, daysLeft: -1 } }, /expired/],
  [{ host: 'cache' }, /Hostname mismatch/],
  [{ client: undefined }, /did not return a certificate/],
  [{ client: { subject: 'app', issuer: AUTHORITY, daysLeft: -1 } }, /expired/],
  [{ client: { subject: 'app', issuer: 'other', daysLeft: 9 } }, /unknown authority/],
  // A certificate that is shown is checked, asked for or merely taken.
  [
    { client: { subject: 'app', issuer: 'other', daysLeft: 9 }, authClients: 'optional' },
    /unknown/,
  ],
] as const)('%j ends in %s', (change, message) => {
  expect(failure(change as Partial<Handshake>)).toMatch(message);
});

test('nothing comes after the step that fails', () => {
  expect(stepsOf({ ...good, host: 'cache' }).at(-1)?.fails).toBeDefined();
});
