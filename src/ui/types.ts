/**
 * The look of each Redis type: one hue, one glyph, one word. Keys, Internals, diffs and topology
 * all read this table, so that a hash looks the same wherever it is met.
 */

export type TypeLook = {
  /** What TYPE answers, or "module" for whatever a module brings. */
  readonly name: string;
  /** At most two characters; a stand-in for the colour where colour is not seen. */
  readonly glyph: string;
  /** Tailwind class of the hue. */
  readonly className: string;
};

export const typeLooks = {
  string: { name: 'string', glyph: '"', className: 'text-type-string' },
  list: { name: 'list', glyph: '[]', className: 'text-type-list' },
  set: { name: 'set', glyph: '{}', className: 'text-type-set' },
  hash: { name: 'hash', glyph: '#', className: 'text-type-hash' },
  zset: { name: 'zset', glyph: '↑', className: 'text-type-zset' },
  stream: { name: 'stream', glyph: '»', className: 'text-type-stream' },
  module: { name: 'module', glyph: '+', className: 'text-type-module' },
} as const satisfies Record<string, TypeLook>;

export type TypeName = keyof typeof typeLooks;

/** The look of a type as TYPE names it; a module's type keeps its own name ("ReJSON-RL"). */
export function lookOfType(type: string): TypeLook {
  return Object.hasOwn(typeLooks, type)
    ? typeLooks[type as TypeName]
    : { ...typeLooks.module, name: type };
}
