/** What each kind of fence becomes: the YAML ones by their schema, all others as code. */
import type { z } from 'zod';
import { explain } from '../quiz/explain.ts';
import {
  type Challenge,
  type Goal,
  type Html,
  type Interview,
  type Language,
  languages,
  type Predict,
  type Quiz,
  type Snippet,
} from '../quiz/questions.ts';
import { parseTranscript, TranscriptError } from '../transcript/parse.ts';
import { highlight } from './highlight.ts';
import type { Block, CodeBlock } from './lesson.ts';
import { MarkdownError, renderText } from './markdown.ts';
import * as schema from './schema.ts';
import { LessonError, type Path, YamlSource } from './source.ts';

export interface Fence {
  readonly file: string;
  /** The line of its opening. */
  readonly line: number;
  /** What stands after its language. */
  readonly words: string;
  readonly text: string;
}

type Read<B> = B extends Block ? Omit<B, 'line'> : never;
type Reader = (fence: Fence, nextId: () => string) => Read<Block>;

/** Makes a Block of every fence that is not plain code. */
export const fences: Readonly<Record<string, Reader>> = {
  setup: (fence, nextId) => {
    const { id, title } = readWords(fence, schema.setupWords);
    const code = snippet(
      'redis',
      fence.text,
      (line, why) => inText(fence, line, why),
      fence.line + 1,
    );
    return { kind: 'setup', id: id ?? nextId(), code, ...(title !== undefined && { title }) };
  },
  quiz: (fence) => ({ kind: 'quiz', quiz: readQuiz(new Part(fence, schema.quiz)) }),
  predict: (fence) => ({ kind: 'predict', predict: readPredict(new Part(fence, schema.predict)) }),
  challenge: (fence) => ({
    kind: 'challenge',
    challenge: readChallenge(new Part(fence, schema.challenge)),
  }),
  interview: (fence) => ({
    kind: 'interview',
    interview: readInterview(new Part(fence, schema.interview)),
  }),
  'then-and-now': (fence) => {
    const part = new Part(fence, schema.thenAndNow);
    const notes = part.data.map(({ topic, since }, index) => ({
      topic,
      // biome-ignore lint/suspicious/noThenProperty: the natural word; nothing awaits it.
      then: part.html([index, 'then']),
      now: part.html([index, 'now']),
      ...(since !== undefined && { since }),
    }));
    return { kind: 'then-and-now', notes };
  },
  demo: (fence, nextId) => {
    const part = new Part(fence, schema.demo);
    const { id, widget, title, parameters } = part.data;
    const caption = part.html(['caption']);
    return { kind: 'demo', id: id ?? nextId(), widget, title, caption, parameters };
  },
};

/** A fence of code, shown or runnable. */
export function readCode(
  lang: string,
  fence: Fence,
  nextId: () => string,
): Omit<CodeBlock, 'line'> {
  const language = languages.find((known) => known === lang);
  if (!language) throw new LessonError(fence.file, fence.line, `unknown fence ${lang || '(none)'}`);
  const words = readWords(fence, schema.fenceWords);
  const { run, fresh, endless, fails, id, resp, keys, args, ...rest } = words;
  const present = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    kind: 'code',
    id: id ?? nextId(),
    code: snippet(language, fence.text, (line, why) => inText(fence, line, why), fence.line + 1),
    run: run ?? false,
    fresh: fresh ?? false,
    endless: endless ?? false,
    fails: fails ?? false,
    keys: split(keys),
    args: split(args),
    ...(resp !== undefined && { resp: resp === '2' ? 2 : 3 }),
    ...Object.fromEntries(present),
  };
}

function readQuiz(part: Part<z.output<typeof schema.quiz>>): Quiz {
  const { id, confuses, options } = part.data;
  return {
    id,
    ask: part.html(['ask']),
    many: options.filter(({ correct }) => correct).length > 1,
    ...(confuses !== undefined && { confuses }),
    options: options.map(({ correct, misconception }, index) => ({
      text: part.html(['options', index, 'text']),
      why: part.html(['options', index, 'why']),
      correct,
      ...(misconception !== undefined && { misconception }),
    })),
  };
}

function readPredict(part: Part<z.output<typeof schema.predict>>): Predict {
  const { id, choices } = part.data;
  const command = part.snippet('redis', ['command']);
  const steps = parseTranscript(command.source);
  if (steps.length !== 1 || steps[0]?.kind !== 'command') {
    throw part.mistake(['command'], 'one command is needed, with its prompt: "> GET a"');
  }
  return {
    id,
    ask: part.html(['ask']),
    given: part.snippet('redis', ['given']),
    command,
    choices: choices.map(({ reply }, index) => ({
      reply: reply.trimEnd(),
      why: part.html(['choices', index, 'why']),
    })),
    why: part.html(['why']),
  };
}

function readChallenge(part: Part<z.output<typeof schema.challenge>>): Challenge {
  const { id, title, tabs, starter, goal, hints, solutions, wrong, after } = part.data;
  const attempt = (list: 'solutions' | 'wrong') => (index: number, language: Language) =>
    part.snippet(language, [list, index, 'code']);
  return {
    id,
    title,
    ask: part.html(['ask']),
    setup: part.snippet('redis', ['setup']),
    tabs,
    ...(starter && { starter: part.snippet(starter.language, ['starter', 'code']) }),
    goal: goal.map(
      ({ id, condition, says }, index): Goal => ({
        id,
        condition,
        says:
          says === undefined
            ? renderText(sentence(explain(condition).says))
            : part.html(['goal', index, 'says']),
        why: part.html(['goal', index, 'why']),
      }),
    ),
    hints: hints.map((_, index) => part.html(['hints', index])),
    solutions: solutions.map(({ title, language }, index) => ({
      title,
      code: attempt('solutions')(index, language),
    })),
    wrong: wrong.map(({ title, language, fails }, index) => ({
      title,
      code: attempt('wrong')(index, language),
      fails,
      because: part.html(['wrong', index, 'because']),
    })),
    ...(after !== undefined && { after: part.html(['after']) }),
  };
}

function readInterview(part: Part<z.output<typeof schema.interview>>): Interview {
  const { id, seconds, ideas, followUps } = part.data;
  return {
    id,
    question: part.html(['question']),
    seconds,
    ideas: ideas.map(({ prove }, index) => ({
      text: part.html(['ideas', index, 'text']),
      ...(prove !== undefined && { prove: part.snippet('redis', ['ideas', index, 'prove']) }),
    })),
    answer: part.html(['answer']),
    followUps: followUps.map((_, index) => ({
      question: part.html(['followUps', index, 'question']),
      answer: part.html(['followUps', index, 'answer']),
    })),
  };
}

/** A fence of YAML, whose texts become HTML and snippets, each with its own line for mistakes. */
class Part<T> extends YamlSource<T> {
  constructor(fence: Fence, schema: z.ZodType<T, unknown>) {
    if (fence.words.trim() !== '') {
      throw new LessonError(fence.file, fence.line, `unknown words ${fence.words}`);
    }
    super(fence.file, fence.line + 1, fence.text, schema);
  }

  /** The Markdown at a path. */
  html(path: Path): Html {
    try {
      return renderText(String(this.at(path) ?? ''));
    } catch (error) {
      if (!(error instanceof MarkdownError)) throw error;
      throw this.mistake(path, error.message, error.line);
    }
  }

  /** The code at a path; empty where there is none. */
  snippet(language: Language, path: Path): Snippet {
    const source = String(this.at(path) ?? '').trimEnd();
    const fail = (line: number, why: string) => this.mistake(path, why, line);
    return snippet(language, source, fail, this.lineOf(path));
  }

  private at(path: Path): unknown {
    return path.reduce<unknown>(
      (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
      this.data,
    );
  }
}

type Fail = (line: number, why: string) => LessonError;

/** Code with its highlighted lines; a transcript must be one. */
function snippet(language: Language, source: string, fail: Fail, line: number): Snippet {
  if (language === 'redis') {
    try {
      parseTranscript(source);
    } catch (error) {
      if (error instanceof TranscriptError) throw fail(error.line, error.reason);
      throw error;
    }
  }
  return { language, source, lines: source === '' ? [] : highlight(language, source), line };
}

const inText = ({ file, line }: Fence, within: number, why: string) =>
  new LessonError(file, line + within, why);

/** `run title="a b" since=8.4` as an object, read by a schema. */
function readWords<T>({ file, line, words }: Fence, schema: z.ZodType<T, unknown>): T {
  const entries = [...words.matchAll(/([^\s=]+)(?:=(?:"([^"]*)"|(\S*)))?/g)].map(
    ([, name = '', quoted, bare]) => [name, quoted ?? bare ?? true] as const,
  );
  const parsed = schema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? `unknown word ${issue.keys[0]}` : undefined;
  const reason = unknown ?? `${issue?.path.join('.')}: ${issue?.message}`;
  throw new LessonError(file, line, reason);
}

const split = (words: string | undefined) =>
  words?.split(/\s+/).filter((word) => word !== '') ?? [];

/** With a capital, unless it begins with code, and a full stop. */
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
