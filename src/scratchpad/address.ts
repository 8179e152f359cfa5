/** Links to the scratchpad: what kind of text it is, and the text itself, in the fragment. */
export const kinds = [
  'redis',
  'shell',
  'conf',
  'sentinel-conf',
  'acl',
  'python',
  'node',
  'lua',
  'yaml',
  'prometheus',
] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (name: string): name is Kind => (kinds as readonly string[]).includes(name);

/** `/scratchpad#kind=redis&code=…`; the code is UTF-8 as base64url. */
export const scratchpadPath = (kind: Kind, code: string): string =>
  `/scratchpad${fragmentOf(kind, code)}`;

export const fragmentOf = (kind: Kind, code: string): string =>
  `#kind=${kind}&code=${toBase64Url(code)}`;

/** Characters of base64url: what browsers and messengers carry without harm. */
const LONGEST = 100_000;

/** Whether a text is short enough to be shared by a link. */
export const fitsLink = (code: string): boolean => toBase64Url(code).length <= LONGEST;

export type Address =
  | { readonly ok: true; readonly kind: Kind; readonly code: string | undefined }
  /** What is wrong with the link, as a sentence. */
  | { readonly ok: false; readonly problem: string };

/** Reads a fragment, with or without its `#`. An empty one is the empty scratchpad. */
export function readFragment(fragment: string): Address {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const kind = parameters.get('kind') ?? 'redis';
  if (!isKind(kind)) {
    return {
      ok: false,
      problem: `The link names the kind “${kind}”. Known are ${kinds.join(', ')}.`,
    };
  }
  const code = parameters.get('code');
  if (code === null) return { ok: true, kind, code: undefined };
  if (code.length > LONGEST) {
    const size = Math.ceil(code.length / 1000).toLocaleString('en');
    const problem = `The link holds ${size} kB of text; ${LONGEST / 1000} kB are read at most. Ask for the text as a file.`;
    return { ok: false, problem };
  }
  try {
    return { ok: true, kind, code: fromBase64Url(code) };
  } catch {
    return { ok: false, problem: 'The text in the link is damaged: it is no base64url of UTF-8.' };
  }
}

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(latin1).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Throws on what is neither base64url nor UTF-8. */
function fromBase64Url(code: string): string {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(code)) throw new Error('not base64url');
  const latin1 = atob(code.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  const bytes = Uint8Array.from(latin1, (char) => char.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
