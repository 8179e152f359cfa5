import { ReplyDecoder } from '../engine/resp/decode-reply.ts';
import { printReply } from '../engine/resp/print.ts';

/**
 * A reply as it was on the wire, byte for byte: what is compared. (Decoded replies would hide how a
 * double was printed, or which of two nulls was sent.)
 */
export interface Frame {
  /** The type byte: `+ - : $ * _ , # ( = ! ~ > % |`. */
  readonly type: string;
  /** The line after the type byte; the bytes of a bulk string. */
  readonly text: string;
  /** Of an aggregate: its items, keys and values of a map in turn. */
  readonly items?: readonly Frame[];
  readonly raw: string;
}

/** Splits a stream of bytes into frames. */
export class FrameReader {
  #buffer = '';

  /** Adds bytes and returns the replies that they complete. */
  push(bytes: string): Frame[] {
    this.#buffer += bytes;
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const frame = readFrame(this.#buffer, at);
      if (!frame) break;
      frames.push(frame);
      at += frame.raw.length;
    }
    this.#buffer = this.#buffer.slice(at);
    return frames;
  }
}

/** A frame as redis-cli prints it. */
export function printFrame({ raw }: Frame): string {
  const decoder = new ReplyDecoder();
  decoder.push(raw);
  const reply = decoder.next();
  return reply === undefined ? JSON.stringify(raw) : printReply(reply);
}

export const isErrorFrame = ({ type }: Frame): boolean => type === '-' || type === '!';

/** The frame that starts at an offset, or undefined when it is not complete. */
function readFrame(bytes: string, at: number): Frame | undefined {
  const end = bytes.indexOf('\r\n', at);
  if (end < 0) return undefined;
  const type = bytes[at] as string;
  const line = bytes.slice(at + 1, end);
  if ('$=!'.includes(type) && line !== '-1') {
    const stop = end + 2 + Number(line);
    if (bytes.length < stop + 2) return undefined;
    return { type, text: bytes.slice(end + 2, stop), raw: bytes.slice(at, stop + 2) };
  }
  const count = countItems(type, line);
  if (count === undefined) return { type, text: line, raw: bytes.slice(at, end + 2) };
  const items = readItems(bytes, end + 2, count);
  return items && { type, text: line, items: items.frames, raw: bytes.slice(at, items.end) };
}

function readItems(bytes: string, start: number, count: number) {
  const frames: Frame[] = [];
  let end = start;
  while (frames.length < count) {
    const frame = readFrame(bytes, end);
    if (!frame) return undefined;
    frames.push(frame);
    end += frame.raw.length;
  }
  return { frames, end };
}

function countItems(type: string, line: string): number | undefined {
  if (line === '-1') return undefined;
  if ('*~>'.includes(type)) return Number(line);
  if (type === '%') return Number(line) * 2;
  // An attribute stands before the reply that it belongs to.
  if (type === '|') return Number(line) * 2 + 1;
  return undefined;
}
