/**
 * Bash hands over what a statement prints when the statement has ended, each stream by itself. So
 * that a loop is seen as it goes, and in order, every command of it that would print on the terminal
 * is made to print into one of two files, which are the terminal.
 */
import type { Bash } from 'just-bash/browser';

type TransformPlugin = Parameters<Bash['registerTransformPlugin']>[0];
type StatementNode = ReturnType<Bash['transform']>['ast']['statements'][number];
type PipelineNode = StatementNode['pipelines'][number];
type CommandNode = PipelineNode['commands'][number];
type SimpleCommandNode = Extract<CommandNode, { type: 'SimpleCommand' }>;
type RedirectionNode = SimpleCommandNode['redirections'][number];

export const OUT_FILE = '/dev/keyspace-out';
export const ERR_FILE = '/dev/keyspace-err';

/** The variable by which a program learns whether people read what it prints: "yes" or "no". */
export const SEEN = 'KEYSPACE_SEEN';
/** First words of a program that know it better than the variable. */
const MARKS = { seen: '\u0001seen', unseen: '\u0001unseen' } as const;

/** The words that a program was called with, and whether they tell that it is seen. */
export function withoutMark(words: readonly string[]): {
  readonly args: readonly string[];
  readonly isSeen: boolean | undefined;
} {
  const [first, ...args] = words;
  if (first === MARKS.seen) return { args, isSeen: true };
  if (first === MARKS.unseen) return { args, isSeen: false };
  return { args: words, isSeen: undefined };
}

/** Where the arrays of a terminal are from one statement to the next; bash keeps plain variables. */
export const ARRAYS_FILE = '/dev/keyspace-arrays';

/** This bash reads `declare -a name=("b c")` as if there were no quotes. */
const APART = 's/^(declare -[aA]+ )([a-zA-Z_0-9]+)=/\\1\\2; \\2=/';

/** A statement that prints as it goes, and begins with a `$?`; `arrays` are names that are kept. */
export function withHeader(
  statement: string,
  { isSeen, status, arrays }: { isSeen: boolean; status: number; arrays: Iterable<string> },
): string {
  const names = [...arrays].join(' ');
  const load = names === '' ? '' : `. ${ARRAYS_FILE}; `;
  const keep = `\n${SEEN}=$?; declare -p ${names} 2> /dev/null | sed -E '${APART}' > ${ARRAYS_FILE}; (exit $${SEEN})`;
  const head = `${SEEN}=${isSeen ? 'yes' : 'no'}; export ${SEEN}; ${load}(exit ${status})`;
  return `${head}\n${statement}${names === '' ? '' : keep}`;
}

/** The names of the arrays that a statement makes. */
export const arraysIn = (statement: string): readonly string[] =>
  [
    ...statement.matchAll(
      /(?<![\w$])(\w+)\+?=\(|\b(?:mapfile|readarray)(?:\s+-\S+)*\s+(\w+)|\b(?:read\s+-\w*a|declare\s+-[aA])\s+(\w+)/g,
    ),
  ].map(([, assigned, mapped, told]) => assigned ?? mapped ?? told ?? '');

/**
 * Changes statements that begin with an assignment to `SEEN`: what bash runs within them, as
 * `bash script.sh`, is printed by them. `isProgram` knows the programs that ask whether they are seen.
 */
export function streaming(isProgram: (name: string) => boolean): TransformPlugin {
  // What bash would forget with the statement that has told it.
  const functions = new Map<string, StatementNode>();
  return {
    name: 'keyspace-streaming',
    transform({ ast }) {
      const [head, ...rest] = ast.statements;
      if (!head || !beginsStatement(head)) return { ast };
      const known = [...functions.values()];
      for (const statement of rest) keepFunctions(statement, functions);
      showAll(rest, isProgram);
      return { ast: { ...ast, statements: [head, ...known, ...rest] } };
    },
  };
}

function beginsStatement({ pipelines }: StatementNode): boolean {
  const command = pipelines[0]?.commands[0];
  return command?.type === 'SimpleCommand' && command.assignments[0]?.name === SEEN;
}

function keepFunctions(statement: StatementNode, functions: Map<string, StatementNode>): void {
  for (const { commands } of statement.pipelines) {
    const [command] = commands;
    if (commands.length === 1 && command?.type === 'FunctionDef')
      functions.set(command.name, statement);
  }
}

type IsProgram = Parameters<typeof streaming>[0];

function showAll(statements: readonly StatementNode[], isProgram: IsProgram): void {
  for (const { pipelines } of statements) {
    for (const pipeline of pipelines) showPipeline(pipeline, isProgram);
  }
}

function showPipeline({ commands }: PipelineNode, isProgram: IsProgram): void {
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1;
    if (command.type === 'SimpleCommand') showCommand(command, isLast, isProgram);
    else if (isLast) showAll(bodyOf(command), isProgram);
  }
}

/** What a block runs that prints where the block does. */
function bodyOf(command: CommandNode): readonly StatementNode[] {
  if (command.redirections.some(isOutput)) return [];
  switch (command.type) {
    case 'If': {
      const parts = command.clauses.flatMap(({ condition, body }) => [...condition, ...body]);
      return [...parts, ...(command.elseBody ?? [])];
    }
    case 'While':
    case 'Until':
      return [...command.condition, ...command.body];
    case 'For':
    case 'CStyleFor':
    case 'Group':
    case 'Subshell':
      return command.body;
    case 'Case':
      return command.items.flatMap(({ body }) => body);
    default:
      return [];
  }
}

/** What redirects the shell itself, or leaves the place where it stands. */
const untouched: ReadonlySet<string> = new Set(['exec', 'exit', 'return', 'break', 'continue']);

function showCommand(command: SimpleCommandNode, isLast: boolean, isProgram: IsProgram): void {
  const name = nameOf(command);
  if (command.name === null || untouched.has(name)) return;
  const isSeen = isLast && !command.redirections.some((each) => isOutput(each) && each.fd !== 2);
  if (isProgram(name)) {
    const mark = literal(isSeen ? MARKS.seen : MARKS.unseen);
    command.args.unshift({ type: 'Word', parts: [mark] });
  }
  command.redirections.unshift(...(isSeen ? [appending(1, OUT_FILE)] : []), appending(2, ERR_FILE));
}

function nameOf({ name }: SimpleCommandNode): string {
  const [part] = name?.parts ?? [];
  return part?.type === 'Literal' && name?.parts.length === 1 ? part.value : '';
}

const isOutput = ({ operator }: RedirectionNode) => operator.includes('>') && operator !== '<>';

const literal = (value: string) => ({ type: 'Literal' as const, value });

const appending = (fd: number, path: string): RedirectionNode => ({
  type: 'Redirection',
  fd,
  operator: '>>',
  target: { type: 'Word', parts: [literal(path)] },
});
