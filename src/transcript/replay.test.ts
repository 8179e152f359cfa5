import { expect, test } from 'vitest';
import { parseTranscript } from './parse.ts';
import { clientsOf, replay } from './replay.ts';
import type { Outcome, Session } from './transcript.ts';

/** Answers from a list, and notes what it was asked. */
function session(...answers: (Partial<Outcome> | string)[]) {
  const asked: string[] = [];
  const next = async (what: string): Promise<Outcome> => {
    asked.push(what);
    const answer = answers.shift() ?? '';
    return typeof answer === 'string'
      ? { reply: answer, arrivals: [] }
      : { reply: undefined, arrivals: [], ...answer };
  };
  const stub: Session = {
    send: (client, commands) => next(`${client}> ${commands.join(' | ')}`),
    steer: ({ name, args }) => next(`@${name} ${args.join(' ')}`),
    close: async () => {},
  };
  return { asked, stub };
}

const text = `# Seeds.
> SET a 1
OK
@advance 1s

A> BLPOP q 0
…
@pipeline
> RPUSH q x
> PING
@end
(integer) 1
PONG
A< 1) "q"
A< 2) "x"
`;

const right = ['OK', '', { reply: undefined }, pushed('x')];

function pushed(element: string): Outcome {
  const arrivals = [{ client: 'A', text: `1) "q"\n2) "${element}"` }];
  return { reply: '(integer) 1\nPONG', arrivals };
}

test('a transcript that says what happens comes back as it is', async () => {
  const { asked, stub } = session(...right);
  expect(await replay(text, stub)).toBe(text);
  expect(asked).toEqual(['> SET a 1', '@advance 1s', 'A> BLPOP q 0', '> RPUSH q x | PING']);
});

test('a wrong reply and a wrong arrival are replaced in place', async () => {
  const { stub } = session('(error) ERR no', '', 'here', pushed('y'));
  expect(await replay(text, stub)).toBe(
    text.replace('OK', '(error) ERR no').replace('…', 'here').replace('"x"\n', '"y"\n'),
  );
});

test('missing replies are filled in, and lines that would mislead get their bar', async () => {
  const { stub } = session('# Memory\n\nused_memory:1', { reply: '' });
  expect(await replay('> INFO memory\n\n> CLIENT REPLY OFF', stub)).toBe(
    '> INFO memory\n| # Memory\n|\nused_memory:1\n\n> CLIENT REPLY OFF',
  );
});

test('arrivals stand by client, as the clients appear, whatever order they came in', async () => {
  const arrivals = ['B', 'A', 'B'].map((client, i) => ({ client, text: `m${i}` }));
  const { stub } = session({ reply: 'r' }, { reply: 'r' }, { reply: '(integer) 2', arrivals });
  const out = await replay('A> SUBSCRIBE c\nB> SUBSCRIBE c\n> PUBLISH c m', stub);
  expect(out.split('\n').slice(-4)).toEqual(['(integer) 2', 'A< m1', 'B< m0', 'B< m2']);
});

test('leniently, what varies only has to fail or not fail alike', async () => {
  const varying = '@varies\n> TIME\n1) "1"\n2) "2"';
  expect(await replay(varying, session('1) "7"').stub, { lenient: true })).toBe(varying);
  expect(await replay(varying, session('1) "7"').stub)).not.toBe(varying);
  expect(await replay(varying, session('(error) ERR').stub, { lenient: true })).not.toBe(varying);
});

test('clients are listed as they appear, @connect included', () => {
  expect(clientsOf(parseTranscript('@connect B node2\nA> PING\nB> PING\n> PING'))).toEqual([
    'B',
    'A',
    '',
  ]);
});
