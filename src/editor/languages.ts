/** The kinds of text that Monaco does not know, and what it calls those that it does. */
import { languages } from 'monaco-editor/editor';
import 'monaco-editor/languages/definitions/lua/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/shell/register';
import 'monaco-editor/languages/definitions/typescript/register';
import 'monaco-editor/languages/definitions/yaml/register';
import type { EditorKind } from './kinds.ts';

export const languageIds: Readonly<Record<EditorKind, string>> = {
  redis: 'redis-transcript',
  shell: 'shell',
  conf: 'redis-conf',
  'sentinel-conf': 'redis-conf',
  acl: 'redis-conf',
  python: 'python',
  node: 'typescript',
  lua: 'lua',
  yaml: 'yaml',
  prometheus: 'yaml',
  'prometheus-conf': 'yaml',
  json: 'plaintext',
  text: 'plaintext',
};

/** As `transcript/tokens.ts` colours commands: name, words in capitals, strings, numbers. */
const transcript: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenizer: {
    root: [
      [/^\s*#.*$/, 'comment'],
      [/^@\w+.*$/, 'directive'],
      [/^([\w-]*> ?)([^\s"']+)/, ['prompt', 'type']],
      [/^\s*[^\s"'>]+(?=\s|$)/, 'type'],
      [/"(?:\\.|[^"\\])*"?/, 'string'],
      [/'(?:\\'|[^'])*'?/, 'string'],
      [/-?\d+(?:\.\d+)?(?=\s|$)/, 'number'],
      [/[A-Z][A-Z0-9-]*(?=\s|$)/, 'constant'],
      [/[^\s"']+/, ''],
    ],
  },
};

/** A `#` at the end of a line is an argument there, as the server reads it. */
const conf: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenizer: {
    root: [
      [/^\s*#.*$/, 'comment'],
      [/^(\s*)([^\s#]\S*)/, ['', 'keyword']],
      [/"(?:\\.|[^"\\])*"?/, 'string'],
      [/'[^']*'?/, 'string'],
      [/-?\d+[a-zA-Z]*(?=\s|$)/, 'number'],
      [/[+-]@?\S+/, 'type'],
      [/\S+/, ''],
    ],
  },
};

for (const [id, definition] of [
  ['redis-transcript', transcript],
  ['redis-conf', conf],
] as const) {
  languages.register({ id });
  languages.setMonarchTokensProvider(id, definition);
  languages.setLanguageConfiguration(id, {
    comments: { lineComment: { comment: '#', noIndent: true } },
    autoClosingPairs: [],
    surroundingPairs: [
      { open: '"', close: '"' },
      { open: "'", close: "'" },
    ],
    wordPattern: /[^\s"']+/,
  });
}
