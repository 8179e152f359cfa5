/** Users, each with rules that can be changed, and what each probe would be answered to them. */
import { useState } from 'react';
import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { TextField } from '../../ui/Fields.tsx';
import { Icon } from '../../ui/Icon.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'probe-matrix'>;

/** What a user is answered, by the probe: '' is allowed, anything else the reason why not. */
type Answers = ReadonlyMap<string, readonly string[]>;

export default function ProbeMatrix({ parameters }: { parameters: Parameters }) {
  const stage = useStage();
  const [users, setUsers] = useState(parameters.users);
  const [answers, setAnswers] = useState<Answers>();
  const { busy, problem, start } = useTask();
  const probe = async () => setAnswers(await ask(stage, users, parameters.probes));
  const change = (name: string, rules: string) => {
    setUsers(users.map((user) => (user.name === name ? { name, rules } : user)));
    setAnswers(undefined);
  };
  return (
    <div className="flex flex-col gap-3">
      {users.map(({ name, rules }) => (
        <TextField
          key={name}
          label={<code>ACL SETUSER {name}</code>}
          value={rules}
          autoComplete="off"
          spellCheck={false}
          className="w-full font-mono"
          onChange={({ target }) => change(name, target.value)}
        />
      ))}
      <Controls>
        <Button icon="play" busy={busy} onClick={() => start(probe)}>
          Probe
        </Button>
        <Button
          icon="reset"
          variant="quiet"
          onClick={() => {
            setUsers(parameters.users);
            setAnswers(undefined);
          }}
        >
          The rules as they were
        </Button>
      </Controls>
      <Problem text={problem} />
      <Matrix names={users.map(({ name }) => name)} probes={parameters.probes} answers={answers} />
    </div>
  );
}

type MatrixProps = {
  names: readonly string[];
  probes: readonly string[];
  answers: Answers | undefined;
};

function Matrix({ names, probes, answers }: MatrixProps) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-ui">
        <thead>
          <tr className="text-left align-bottom text-small text-ink-2 [&>th]:pr-4 [&>th]:font-normal">
            <th scope="col">Probe</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {probes.map((probe, row) => (
            <tr key={probe} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-4 text-left font-normal">
                <code>{probe}</code>
              </th>
              {names.map((name) => (
                <Cell key={name} answer={answers?.get(name)?.[row]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ answer }: { answer: string | undefined }) {
  if (answer === undefined) return <td className="py-1 pr-4">–</td>;
  const allowed = answer === '';
  return (
    <td className={cx('py-1 pr-4', allowed ? 'text-ok' : 'text-bad')}>
      <span className="flex items-start gap-1">
        <Icon name={allowed ? 'check' : 'cross'} className="mt-1 shrink-0" />
        {allowed ? 'allowed' : answer}
      </span>
    </td>
  );
}

/** Makes the users anew and asks ACL DRYRUN for each. Throws what ACL SETUSER complains of. */
async function ask(
  stage: Stage,
  users: Parameters['users'],
  probes: readonly string[],
): Promise<Answers> {
  await stage.empty();
  const client = stage.client();
  const answers = new Map<string, string[]>();
  for (const { name, rules } of users) {
    const made = await client.ask('ACL', 'SETUSER', name, ...wordsOf(rules));
    if (made instanceof Error) throw made;
    const replies: string[] = [];
    for (const probe of probes) {
      replies.push(reasonOf(await client.ask('ACL', 'DRYRUN', name, ...wordsOf(probe))));
    }
    answers.set(name, replies);
  }
  client.close();
  return answers;
}

/** '' where the answer is OK. */
function reasonOf(reply: unknown): string {
  if (reply instanceof Error) return reply.message;
  const text = typeof reply === 'string' ? utf8Decode(reply) : '';
  return text.replace('This user has no permissions to ', 'may not ');
}

const wordsOf = (line: string): string[] =>
  (splitArgs(utf8Encode(line)) ?? []).map((word) => utf8Decode(word));
