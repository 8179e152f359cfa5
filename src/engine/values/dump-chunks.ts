/**
 * How filters are dumped: what their layers hold lies as if in one row, and positions in it begin with 1.
 * No chunk holds parts of two layers. https://redis.io/docs/latest/commands/bf.scandump/
 */
import { fromUint8, toUint8 } from '../bytes/bytes.ts';

export interface Part {
  /** The position after it. */
  readonly next: number;
  readonly data: string;
}

const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

/** The chunk that begins at a position; undefined after the last. */
export function chunkAt(layers: readonly Uint8Array[], position: number): Part | undefined {
  const place = find(layers, position - 1);
  if (!place) return undefined;
  const { layer, offset } = place;
  const data = layer.subarray(offset, offset + MAX_CHUNK_BYTES);
  return { next: position + data.length, data: fromUint8(data) };
}

/** Puts a chunk back, given the position after it; says why not, if not. */
export function loadChunkInto(
  layers: readonly Uint8Array[],
  next: number,
  chunk: string,
): 'beyond' | 'too big' | undefined {
  const place = find(layers, next - chunk.length - 1);
  if (!place) return 'beyond';
  if (chunk.length > place.layer.length - place.offset) return 'too big';
  place.layer.set(toUint8(chunk), place.offset);
  return undefined;
}

/** All that layers hold, for the inside of a file; `fillLayers` reads it from a place on. */
export const joinLayers = (layers: readonly Uint8Array[]): string =>
  layers.map((layer) => fromUint8(layer)).join('');

export function fillLayers(layers: readonly Uint8Array[], text: string, from: number): void {
  let at = from;
  for (const layer of layers) {
    layer.set(toUint8(text.slice(at, at + layer.length)));
    at += layer.length;
  }
}

function find(layers: readonly Uint8Array[], at: number) {
  let offset = at;
  for (const layer of layers) {
    if (offset < 0) return undefined;
    if (offset < layer.length) return { layer, offset };
    offset -= layer.length;
  }
  return undefined;
}
