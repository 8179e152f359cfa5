/**
 * The global `cjson`: Lua values as JSON and back, with lua-cjson's settings. They last from script
 * to script, as in Redis; `cjson.new()` makes a copy of the library with settings of its own.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#cjson-library
 */
import { type LuaApi, type LuaState, register } from '../lua-api.ts';
import { pushParsed } from './cjson-decode.ts';
import { encodeTop } from './cjson-encode.ts';
import { defaultSettings, settingFunctions } from './cjson-settings.ts';

export function openCjson(api: LuaApi, L: LuaState): void {
  api.pushGlobals(L);
  pushLibrary(api, L);
  api.setField(L, -2, 'cjson');
  api.setTop(L, -2);
}

function pushLibrary(api: LuaApi, L: LuaState): void {
  const settings = { ...defaultSettings };
  api.newTable(L, 0, 14);
  register(api, L, {
    ...settingFunctions(api, settings),
    encode: (L) => {
      if (api.getTop(L) !== 1) api.argumentError(L, 1, 'expected 1 argument');
      api.pushString(L, encodeTop(api, L, settings));
      return 1;
    },
    decode: (L) => {
      if (api.getTop(L) !== 1) api.argumentError(L, 1, 'expected 1 argument');
      pushParsed(api, L, api.checkString(L, 1), settings);
      return 1;
    },
    new: (L) => {
      pushLibrary(api, L);
      return 1;
    },
  });
  pushNull(api, L);
  api.setField(L, -2, 'null');
  api.pushString(L, 'cjson');
  api.setField(L, -2, '_NAME');
  api.pushString(L, '2.1.0');
  api.setField(L, -2, '_VERSION');
}

/** cjson.null prints as C prints a null pointer. */
function pushNull(api: LuaApi, L: LuaState): void {
  api.pushNull(L);
  api.newTable(L, 0, 1);
  api.pushFunction(L, (caller) => {
    api.pushString(caller, 'userdata: (nil)');
    return 1;
  });
  api.setField(L, -2, '__tostring');
  api.setMetatable(L, -2);
}
