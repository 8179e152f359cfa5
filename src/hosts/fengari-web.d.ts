/** The package comes without types. */
declare module 'fengari-web' {
  const fengari: import('../engine/scripting/fengari-types.ts').Fengari;
  export default fengari;
}
