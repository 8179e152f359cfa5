/** Made by plugin.ts from content/*.md. */
declare module 'virtual:lessons' {
  const written: readonly import('./catalog.ts').WrittenLesson[];
  export default written;
}
