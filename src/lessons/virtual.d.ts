/** Made by plugin.ts from content/*.md. */
declare module 'virtual:lessons' {
  const entries: readonly import('./catalog.ts').Entry[];
  export default entries;
}
