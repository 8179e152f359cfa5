/** Base64 of text for people, as secrets hold it. */
import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';

export const toBase64 = (text: string): string => btoa(utf8Encode(text));

export const fromBase64 = (text: string): string => utf8Decode(atob(text.replace(/\s/g, '')));
