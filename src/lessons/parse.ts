/**
 * Turns content/NN-slug.md into a Lesson. Any mistake is a LessonError naming file and line. How a
 * lesson is written is told in content/README.md.
 */
import type { Code, Heading, Root, RootContent, Yaml } from 'mdast';
import type { Html } from '../quiz/questions.ts';
import { fences, readCode } from './fences.ts';
import {
  type Block,
  blocksOf,
  type CheckRef,
  type CodeBlock,
  type Lesson,
  type LessonMeta,
  type Section,
} from './lesson.ts';
import { MarkdownError, parseMarkdown, render, renderInline } from './markdown.ts';
import { frontMatter } from './schema.ts';
import { LessonError, YamlSource } from './source.ts';

/** `file` is what mistakes are told by; its name gives number and slug. */
export function parseLesson(file: string, text: string): Lesson {
  const root: Root = parseMarkdown(text);
  const [head, ...body] = root.children;
  if (head?.type !== 'yaml') throw new LessonError(file, 1, 'front matter is missing');
  const reader = new BodyReader(file);
  for (const node of body) reader.read(node);
  const { sections, short } = reader.end();
  return { ...readMeta(file, head, checksOf(sections)), short, sections };
}

function readMeta(file: string, head: Yaml, checks: CheckRef[]): LessonMeta {
  const [, number, slug] = /(?:^|\/)(\d\d)-([a-z0-9-]+)\.md$/.exec(file) ?? [];
  if (number === undefined || slug === undefined) {
    throw new LessonError(file, 1, 'the file name must be NN-slug.md');
  }
  const { data } = new YamlSource(file, 2, head.value, frontMatter);
  return { number: Number(number), slug, ...data, checks };
}

function checksOf(sections: readonly Section[]): CheckRef[] {
  return blocksOf({ sections }).flatMap((block): CheckRef[] => {
    if (block.kind === 'quiz') return [{ kind: 'quiz', id: block.quiz.id }];
    if (block.kind === 'predict') return [{ kind: 'predict', id: block.predict.id }];
    if (block.kind === 'challenge') return [{ kind: 'challenge', id: block.challenge.id }];
    if (block.kind === 'interview') return [{ kind: 'interview', id: block.interview.id }];
    return [];
  });
}

type OpenSection = { id: string; title: Html; blocks: Block[] };

class BodyReader {
  private readonly sections: OpenSection[] = [{ id: 'start', title: '', blocks: [] }];
  private readonly ids = new Set<string>();
  private prose: RootContent[] = [];
  private short: Html | undefined;
  private examples = 0;

  constructor(private readonly file: string) {}

  read(node: RootContent): void {
    if (node.type === 'heading' && node.depth === 2) this.openSection(node);
    else if (node.type === 'code') this.readFence(node);
    else this.prose.push(node);
  }

  end(): { sections: Section[]; short: Html } {
    this.flush();
    if (this.short === undefined) {
      throw new LessonError(this.file, 1, 'the short answer is missing: a `short` fence');
    }
    const [first, ...rest] = this.sections as [OpenSection, ...OpenSection[]];
    return { sections: first.blocks.length > 0 ? [first, ...rest] : rest, short: this.short };
  }

  private openSection(node: Heading): void {
    this.flush();
    const title = this.renderAt(node, () => renderInline(node.children));
    const words = title.replace(/<[^>]*>|&[a-z]+;/g, '').toLowerCase();
    const id = words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
    this.claim(`section ${id}`, lineOf(node));
    this.sections.push({ id, title, blocks: [] });
  }

  private readFence(node: Code): void {
    this.flush();
    const line = lineOf(node);
    const { lang } = node;
    const fence = { file: this.file, line, words: node.meta ?? '', text: node.value };
    if (lang === 'short') {
      if (this.short !== undefined) throw new LessonError(this.file, line, 'a second short answer');
      this.short = this.renderAt(node, () => render(parseMarkdown(node.value).children), 1);
    } else if (lang === 'output') this.attachOutput(node.value, line);
    else {
      const special = fences[lang ?? ''];
      const next = () => `example-${++this.examples}`;
      const block = special ? special(fence, next) : readCode(lang ?? '', fence, next);
      this.claim(idOf(block), line);
      this.section.blocks.push({ line, ...block } as Block);
    }
  }

  private attachOutput(output: string, line: number): void {
    const { blocks } = this.section;
    const last = blocks.at(-1);
    if (last?.kind !== 'code' || last.code.language === 'redis') {
      throw new LessonError(this.file, line, 'output must follow a block of code, not of redis');
    }
    blocks[blocks.length - 1] = { ...last, output } satisfies CodeBlock & { line: number };
  }

  private flush(): void {
    const [first] = this.prose;
    if (!first) return;
    const html = this.renderAt(first, () => render(this.prose));
    this.section.blocks.push({ kind: 'prose', html, line: lineOf(first) });
    this.prose = [];
  }

  private get section(): OpenSection {
    return this.sections.at(-1) as OpenSection;
  }

  /** Ids are addresses of progress: one lesson has each once, whatever the kind. */
  private claim(id: string | undefined, line: number): void {
    if (id === undefined) return;
    if (this.ids.has(id)) throw new LessonError(this.file, line, `${id} is used twice`);
    this.ids.add(id);
  }

  /** Renders, and tells mistakes by their line; that of a text in a fence is relative to it. */
  private renderAt(node: RootContent, make: () => Html, within = 0): Html {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof MarkdownError)) throw error;
      const line = within === 0 ? error.line : lineOf(node) + error.line;
      throw new LessonError(this.file, line, error.message);
    }
  }
}

const lineOf = (node: RootContent) => node.position?.start.line ?? 1;

type Unplaced<B> = B extends Block ? Omit<B, 'line'> : never;

function idOf(block: Unplaced<Block>): string | undefined {
  if (block.kind === 'quiz') return block.quiz.id;
  if (block.kind === 'predict') return block.predict.id;
  if (block.kind === 'challenge') return block.challenge.id;
  if (block.kind === 'interview') return block.interview.id;
  return 'id' in block ? block.id : undefined;
}
