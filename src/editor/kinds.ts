/** What a text can be written in, and how an editor treats each. */
export type EditorKind =
  | 'redis'
  | 'shell'
  | 'conf'
  | 'sentinel-conf'
  | 'acl'
  | 'python'
  | 'node'
  | 'lua'
  | 'yaml'
  | 'prometheus'
  | 'prometheus-conf'
  | 'json'
  | 'text';

/** Kinds in which a line is a sentence: Enter ends it, whatever is suggested. */
export const isByLine = (kind: EditorKind): boolean =>
  ['redis', 'shell', 'conf', 'sentinel-conf', 'acl'].includes(kind);
