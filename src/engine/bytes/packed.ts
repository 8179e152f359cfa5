/** Numbers in a row, the low byte first and without gaps: how structures lie in memory and in dumps. */
import { fromUint8, toUint8 } from './bytes.ts';

export type Field = 'u8' | 'u16' | 'u32' | 'u64' | 'f64';

const sizes: Readonly<Record<Field, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, f64: 8 };

/** How many bytes fields take. */
export const packedSize = (fields: readonly Field[]): number =>
  fields.reduce((sum, field) => sum + sizes[field], 0);

/** The bytes of one number for each field. */
export function pack(fields: readonly Field[], values: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(packedSize(fields)));
  let at = 0;
  fields.forEach((field, i) => {
    const value = values[i] as number;
    if (field === 'f64') view.setFloat64(at, value, true);
    else if (field === 'u64') view.setBigUint64(at, BigInt(value), true);
    else if (field === 'u32') view.setUint32(at, value, true);
    else if (field === 'u16') view.setUint16(at, value, true);
    else view.setUint8(at, value);
    at += sizes[field];
  });
  return fromUint8(new Uint8Array(view.buffer));
}

/**
 * The numbers that lie at a place; there must be as many bytes. What a double cannot hold of 64 bits is
 * rounded.
 */
export function unpack(fields: readonly Field[], bytes: string, from = 0): number[] {
  const part = toUint8(bytes.slice(from, from + packedSize(fields)));
  const view = new DataView(part.buffer);
  let at = 0;
  return fields.map((field) => {
    const start = at;
    at += sizes[field];
    if (field === 'f64') return view.getFloat64(start, true);
    if (field === 'u64') return Number(view.getBigUint64(start, true));
    if (field === 'u32') return view.getUint32(start, true);
    return field === 'u16' ? view.getUint16(start, true) : view.getUint8(start);
  });
}
