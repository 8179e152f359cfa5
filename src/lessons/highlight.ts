/**
 * Code as coloured HTML lines, at build time. Every token is a `<span class="t-KIND">`; plain text
 * has no span. The kinds of redis are those of transcript/tokens.ts, which the console uses too; of
 * configuration files: directive, string, number, comment; of all else, what Shiki's css-variables
 * theme knows: keyword, string, string-expression, comment, constant, parameter, function,
 * punctuation, link.
 */
import {
  createCssVariablesTheme,
  createHighlighterCoreSync,
  type HighlighterCore,
} from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import javascript from 'shiki/langs/javascript.mjs';
import json from 'shiki/langs/json.mjs';
import lua from 'shiki/langs/lua.mjs';
import python from 'shiki/langs/python.mjs';
import shellscript from 'shiki/langs/shellscript.mjs';
import yaml from 'shiki/langs/yaml.mjs';
import type { Html, Language } from '../quiz/questions.ts';
import { tokenizeRow } from '../transcript/tokens.ts';

/** The lines of a source text, each as HTML. */
export function highlight(language: Language, source: string): Html[] {
  return highlighters[language](source);
}

export const escapeHtml = (text: string): Html =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Highlighter = (source: string) => Html[];

const highlighters: { readonly [L in Language]: Highlighter } = {
  redis: byRow((row) =>
    tokenizeRow(row)
      .map(({ kind, text }) => span(kind === 'space' ? undefined : kind, text))
      .join(''),
  ),
  conf: byRow(configRow),
  'sentinel-conf': byRow(configRow),
  acl: byRow(configRow),
  text: byRow(escapeHtml),
  shell: byShiki('shellscript'),
  python: byShiki('python'),
  node: byShiki('javascript'),
  lua: byShiki('lua'),
  yaml: byShiki('yaml'),
  'prometheus-conf': byShiki('yaml'),
  json: byShiki('json'),
};

function byRow(row: (source: string) => Html): Highlighter {
  return (source) => source.split('\n').map(row);
}

function span(kind: string | undefined, text: string): Html {
  const html = escapeHtml(text);
  return kind === undefined ? html : `<span class="t-${kind}">${html}</span>`;
}

/** redis.conf has no remarks at the end of a line: a `#` there is an argument, and stays plain. */
function configRow(row: string): Html {
  if (/^\s*#/.test(row)) return span('comment', row);
  const parts = row.match(/\s+|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s"']+/g) ?? [];
  let words = 0;
  return parts
    .map((part) => {
      if (part.trim() === '') return part;
      if (words++ === 0) return span('directive', part);
      if (/^["']/.test(part)) return span('string', part);
      return span(/^-?\d+[a-z]*$/i.test(part) ? 'number' : undefined, part);
    })
    .join('');
}

let shiki: HighlighterCore | undefined;

function loadShiki(): HighlighterCore {
  const langs = [javascript, json, lua, python, shellscript, yaml].flat();
  shiki ??= createHighlighterCoreSync({
    themes: [createCssVariablesTheme()],
    langs,
    engine: createJavaScriptRegexEngine(),
  });
  return shiki;
}

function byShiki(lang: string): Highlighter {
  return (source) => {
    const { tokens } = loadShiki().codeToTokens(source, { lang, theme: 'css-variables' });
    return tokens.map((line) =>
      line.map(({ content, color }) => span(kindOfColor(color), content)).join(''),
    );
  };
}

/** `var(--shiki-token-keyword)` is a keyword; the foreground is nothing in particular. */
function kindOfColor(color: string | undefined): string | undefined {
  return /--shiki-token-([a-z-]+)/.exec(color ?? '')?.[1];
}
