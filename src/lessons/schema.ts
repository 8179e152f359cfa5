/** What front matter and fences may hold. Unknown keys are mistakes, so every object is strict. */
import { z } from 'zod';
import { condition } from '../quiz/condition.ts';
import { languages } from '../quiz/questions.ts';
import { demoParameters, isWidget } from '../scenes/demos/parameters.ts';
import { type Lab, labKinds, panels } from './lesson.ts';

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case words with hyphens');
/** Markdown, rendered later. */
const markdown = z.string().trim().min(1);
const version = z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'a version such as 8.4');

const lab = z
  .string()
  .regex(
    new RegExp(`^(standalone|(${labKinds.slice(1).join('|')})( [1-9]\\d?)?)$`),
    `one of ${labKinds.join(', ')}, and how many servers`,
  )
  .transform((text) => text as Lab);

export const frontMatter = z.strictObject({
  title: z.string().min(1),
  question: z.string().min(1),
  summary: z.string().min(1),
  chapter: z.string().min(1),
  minutes: z.number().int().positive(),
  lab: lab.default('standalone'),
  /** It needs that version: redis-server 7.0 cannot be asked about it. */
  since: version.optional(),
  config: z.record(z.string(), z.string()).default({}),
  panels: z.array(z.enum(panels)).min(1).default(['console', 'keys']),
  tabs: z.array(id).default([]),
  docs: z.array(z.url({ protocol: /^https$/ })).min(1),
  commands: z.array(z.string().regex(/^[A-Z]+( [A-Z]+)?$/)).default([]),
});

/** The words after the language of a code fence: `run fresh title="Two tabs" since=8.4`. */
export const fenceWords = z.strictObject({
  run: z.literal(true).optional(),
  fresh: z.literal(true).optional(),
  endless: z.literal(true).optional(),
  fails: z.literal(true).optional(),
  id: id.optional(),
  title: z.string().optional(),
  lab: lab.optional(),
  target: z.string().optional(),
  file: z.string().optional(),
  resp: z.enum(['2', '3']).optional(),
  since: version.optional(),
  task: id.optional(),
  keys: z.string().optional(),
  args: z.string().optional(),
});

export const setupWords = fenceWords.pick({ id: true, title: true });

export const thenAndNow = z
  .array(
    z.strictObject({
      topic: z.string().min(1),
      // biome-ignore lint/suspicious/noThenProperty: the natural word; nothing awaits it.
      then: markdown,
      now: markdown,
      since: version.optional(),
    }),
  )
  .min(1);

export const demo = z
  .strictObject({
    id: id.optional(),
    widget: id.refine(isWidget, 'no demo widget is called so'),
    title: z.string().min(1),
    caption: markdown,
    parameters: z.record(z.string(), z.json()).default({}),
  })
  .transform((demo, context) => {
    const parsed = demoParameters[demo.widget].safeParse(demo.parameters);
    if (parsed.success) return { ...demo, parameters: parsed.data };
    for (const issue of parsed.error.issues) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const message = unknown.length > 0 ? `unknown key ${unknown[0]}` : issue.message;
      context.addIssue({
        code: 'custom',
        path: ['parameters', ...issue.path, ...unknown],
        message,
      });
    }
    return z.NEVER;
  });

const option = z
  .strictObject({
    text: markdown,
    why: markdown,
    correct: z.boolean().default(false),
    misconception: z.string().min(1).optional(),
  })
  .refine((it) => it.correct === (it.misconception === undefined), {
    message: 'a wrong option names its misconception, a right one has none',
  });

export const quiz = z.strictObject({
  id,
  ask: markdown,
  confuses: z.string().optional(),
  options: z
    .array(option)
    .min(2)
    .refine((options) => options.some(({ correct }) => correct), 'no option is correct'),
});

export const predict = z.strictObject({
  id,
  ask: markdown,
  given: z.string().default(''),
  command: z.string().min(1),
  choices: z.array(z.strictObject({ reply: z.string(), why: markdown })).default([]),
  why: markdown,
});

/** A condition with what is said about it beside it. */
const goal = z
  .looseObject({ id, says: markdown.optional(), why: markdown })
  .transform(({ id, says, why, ...rest }, context) => {
    const parsed = condition.safeParse(rest);
    if (parsed.success) return { id, says, why, condition: parsed.data };
    for (const issue of parsed.error.issues) {
      const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const path = key === undefined ? issue.path : [...issue.path, key];
      const message = key === undefined ? issue.message : `unknown key ${key}`;
      context.addIssue({ code: 'custom', path, message });
    }
    return z.NEVER;
  });

const code = {
  language: z.enum(languages).default('redis'),
  code: z.string().min(1),
};

export const challenge = z
  .strictObject({
    id,
    title: z.string().min(1),
    ask: markdown,
    setup: z.string().default(''),
    tabs: z.array(id).default([]),
    starter: z.strictObject(code).optional(),
    goal: z.array(goal).min(1),
    hints: z.array(markdown).min(1),
    solutions: z.array(z.strictObject({ title: z.string().min(1), ...code })).min(2),
    wrong: z
      .array(z.strictObject({ title: z.string().min(1), fails: id, because: markdown, ...code }))
      .min(3),
    after: markdown.optional(),
  })
  .superRefine(({ goal, wrong }, context) => {
    const ids = goal.map((each) => each.id);
    wrong.forEach(({ fails }, index) => {
      if (ids.includes(fails)) return;
      const path = ['wrong', index, 'fails'];
      context.addIssue({ code: 'custom', path, message: `no goal is called ${fails}` });
    });
    ids.forEach((id, index) => {
      if (ids.indexOf(id) === index) return;
      context.addIssue({ code: 'custom', path: ['goal', index, 'id'], message: `${id} twice` });
    });
  });

export const interview = z.strictObject({
  id,
  question: markdown,
  seconds: z.number().int().min(30).max(600),
  ideas: z
    .array(z.strictObject({ text: markdown, prove: z.string().optional() }))
    .min(5)
    .max(8),
  answer: markdown,
  followUps: z.array(z.strictObject({ question: markdown, answer: markdown })).min(1),
});
