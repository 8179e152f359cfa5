/** Markdown to HTML at build time: GitHub's tables and lists, no raw HTML, no images. */
import { toHtml } from 'hast-util-to-html';
import type { Nodes, Paragraph, PhrasingContent, Root, RootContent } from 'mdast';
import { toHast } from 'mdast-util-to-hast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Html } from '../quiz/questions.ts';
import { lessonPath } from './lesson.ts';

const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter);

/** Something that lessons do not use, at a line of the text. */
export class MarkdownError extends Error {
  override readonly name = 'MarkdownError';
  constructor(
    readonly line: number,
    reason: string,
  ) {
    super(reason);
  }
}

export const parseMarkdown = (text: string): Root => parser.parse(text);

/** Paragraphs, lists and tables. Throws a MarkdownError for what lessons do not use. */
export function render(nodes: readonly RootContent[]): Html {
  const root: Root = { type: 'root', children: [...nodes] };
  check(root);
  markLinks(root);
  // The empty corner of a table heads nothing.
  return toHtml(toHast(root)).replaceAll(/<th([^>]*)><\/th>/g, '<td$1></td>');
}

/** The inside of a paragraph or heading. */
export function renderInline(children: readonly PhrasingContent[]): Html {
  const paragraph: Paragraph = { type: 'paragraph', children: [...children] };
  return render([paragraph]).replace(/^<p>|<\/p>$/g, '');
}

/** A text from YAML: its one paragraph without `<p>`, or all its blocks. */
export function renderText(text: string): Html {
  const { children } = parseMarkdown(text);
  const [only] = children;
  if (children.length !== 1 || only?.type !== 'paragraph') return render(children);
  return renderInline(only.children);
}

function check(node: Nodes): void {
  const line = node.position?.start.line ?? 1;
  if (node.type === 'html') throw new MarkdownError(line, 'raw HTML is not allowed');
  if (node.type === 'image' || node.type === 'imageReference') {
    throw new MarkdownError(line, 'images are not allowed');
  }
  if (node.type === 'heading' && node.depth < 3) {
    throw new MarkdownError(line, 'a # or ## heading is not allowed here');
  }
  if ('children' in node) for (const child of node.children) check(child);
}

/** Links to lessons get their path, links to elsewhere open there; `#id` stays on the page. */
function markLinks(node: Nodes): void {
  if (node.type === 'link') {
    const slug = /^lesson:([a-z0-9-]+)$/.exec(node.url)?.[1];
    if (slug === undefined) {
      if (node.url.startsWith('#')) return;
      node.data = { hProperties: { rel: ['noreferrer'], target: '_blank' } };
    } else {
      node.url = lessonPath(slug);
      node.data = { hProperties: { dataLesson: slug } };
    }
  }
  if ('children' in node) for (const child of node.children) markLinks(child);
}
