import { crc64 } from '../bytes/crc64.ts';
import { redisError } from '../errors.ts';
import { isIntact } from '../persistence/payload.ts';
import { RdbReader } from '../persistence/rdb-reader.ts';
import { RDB_VERSION } from '../persistence/rdb-types.ts';
import { littleEndian, RdbWriter, uint64 } from '../persistence/rdb-writer.ts';
import type { FunctionPayload } from '../scripting/functions.ts';

/** What stands before each library, in a dump as in an RDB file. */
const LIBRARY = 0xf5;
const FOOTER_BYTES = 10;

/**
 * What FUNCTION DUMP returns: the text of each library, the RDB version, and a checksum of all that.
 * https://redis.io/docs/latest/commands/function-dump/
 */
export const functionPayload: FunctionPayload = {
  write(codes) {
    const writer = new RdbWriter();
    for (const code of codes) {
      writer.byte(LIBRARY);
      writer.string(code);
    }
    writer.raw(littleEndian(RDB_VERSION, 2));
    const bytes = writer.finish();
    return bytes + uint64(crc64(bytes));
  },

  read(payload) {
    if (!isIntact(payload)) return undefined;
    const reader = new RdbReader(payload, 0, payload.length - FOOTER_BYTES);
    const codes: string[] = [];
    while (reader.left > 0) {
      if (reader.byte() !== LIBRARY) throw redisError('ERR given type is not a function');
      codes.push(reader.string());
    }
    return codes;
  },
};
