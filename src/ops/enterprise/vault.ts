/** vault: files on a disk that only whoever has the key can read, by AES-GCM of the browser. */
import { fromUint8, toUint8 } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import type { Call, Program } from '../../shell/program.ts';

/** How a closed file begins; then come salt, nonce and the encrypted bytes with their tag. */
const MAGIC = 'VAULT1';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const ROUNDS = 100_000;

const usage = `usage: vault close FILE ...    encrypts files with the word in VAULT_KEY
       vault open FILE ...     decrypts them
A program of this page; real deployments encrypt the whole disk.
`;

export const vault: Program = async (call) => {
  const [verb, ...files] = call.args;
  const key = call.env.VAULT_KEY ?? '';
  const turn = verb === 'close' ? seal : verb === 'open' ? unseal : undefined;
  if (!turn || files.length === 0) return complain(call, usage);
  if (key === '') return complain(call, 'vault: VAULT_KEY is not set\n');
  for (const file of files) {
    const path = absolute(file, call.folder);
    const bytes = call.machine.files.read(path);
    if (bytes === undefined) return complain(call, `vault: ${file}: no such file\n`);
    const turned = await turn(bytes, key).catch(() => undefined);
    if (turned === undefined) {
      return complain(call, `vault: ${file}: not a closed file, changed, or another key\n`);
    }
    call.machine.files.write(path, turned);
  }
  return 0;
};

/** Encrypts bytes under a word. Each time another nonce, so that equal files look different. */
export async function seal(bytes: string, word: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await keyOf(word, salt);
  const plain = toUint8(bytes) as Uint8Array<ArrayBuffer>;
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain);
  return MAGIC + fromUint8(salt) + fromUint8(iv) + fromUint8(new Uint8Array(sealed));
}

/** Decrypts what `seal` has made. Rejects another word, and bytes of which one has changed. */
export async function unseal(bytes: string, word: string): Promise<string> {
  if (!bytes.startsWith(MAGIC)) throw new Error('not a closed file');
  const part = (from: number, to?: number) =>
    toUint8(bytes.slice(MAGIC.length).slice(from, to)) as Uint8Array<ArrayBuffer>;
  const iv = part(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const key = await keyOf(word, part(0, SALT_BYTES));
  const sealed = part(SALT_BYTES + NONCE_BYTES);
  return fromUint8(
    new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed)),
  );
}

async function keyOf(word: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(word);
  const material = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS },
    ...([material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']] as const),
  );
}

function complain(call: Call, text: string): number {
  call.complain(text);
  return 1;
}
