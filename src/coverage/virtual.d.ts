/** What the plugin makes; see plugin.ts. */
declare module 'virtual:coverage' {
  export const coverage: readonly import('../engine/server/coverage.ts').Coverage[];
}
