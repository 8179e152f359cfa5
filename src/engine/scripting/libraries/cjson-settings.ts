/** The settings of cjson, and the functions that scripts change them with. */
import { checkInteger, type LuaApi, type LuaFunction, type LuaState, LuaType } from '../lua-api.ts';

export interface CjsonSettings {
  /** Arrays with gaps: whether to write them as objects when they are too sparse. */
  sparseConvert: number;
  /** Too sparse is a largest index above this many times the number of elements ... */
  sparseRatio: number;
  /** ... and above this. */
  sparseSafe: number;
  encodeMaxDepth: number;
  decodeMaxDepth: number;
  encodeInvalidNumbers: number;
  decodeInvalidNumbers: number;
  /** Kept only to be answered: there is no buffer here. */
  encodeKeepBuffer: number;
  encodeNumberPrecision: number;
}

/** Settings may allow more, but JavaScript's own stack may not. */
export const MAX_DEPTH = 1000;

export const defaultSettings: Readonly<CjsonSettings> = {
  sparseConvert: 0,
  sparseRatio: 2,
  sparseSafe: 10,
  encodeMaxDepth: MAX_DEPTH,
  decodeMaxDepth: MAX_DEPTH,
  encodeInvalidNumbers: 0,
  decodeInvalidNumbers: 1,
  encodeKeepBuffer: 1,
  encodeNumberPrecision: 14,
};

const MAX_INT = 2 ** 31 - 1;
const MAX_PRECISION = 14;
const SWITCH = ['off', 'on'];

/** Each function sets what it is given, and answers what is set. */
export function settingFunctions(
  api: LuaApi,
  settings: CjsonSettings,
): Readonly<Record<string, LuaFunction>> {
  const setting =
    (...options: ((L: LuaState, index: number) => void)[]): LuaFunction =>
    (L) => {
      takeOptions(api, L, options.length);
      options.forEach((option, i) => {
        option(L, i + 1);
      });
      return options.length;
    };
  const choice = (name: keyof CjsonSettings, choices: readonly string[]) => {
    return (L: LuaState, index: number) => chooseSetting(api, L, index, settings, name, choices);
  };
  const integer = (name: keyof CjsonSettings, min: number, max = MAX_INT) => {
    return (L: LuaState, index: number) =>
      integerSetting(api, L, index, settings, name, { min, max });
  };
  return {
    encode_sparse_array: setting(
      choice('sparseConvert', SWITCH),
      integer('sparseRatio', 0),
      integer('sparseSafe', 0),
    ),
    encode_max_depth: setting(integer('encodeMaxDepth', 1)),
    decode_max_depth: setting(integer('decodeMaxDepth', 1)),
    encode_number_precision: setting(integer('encodeNumberPrecision', 1, MAX_PRECISION)),
    encode_keep_buffer: setting(choice('encodeKeepBuffer', SWITCH)),
    encode_invalid_numbers: setting(choice('encodeInvalidNumbers', [...SWITCH, 'null'])),
    decode_invalid_numbers: setting(choice('decodeInvalidNumbers', SWITCH)),
  };
}

/** Absent options are nil. */
function takeOptions(api: LuaApi, L: LuaState, count: number): void {
  if (api.getTop(L) > count) api.argumentError(L, count + 1, 'found too many arguments');
  api.setTop(L, count);
  api.checkStack(L, count);
}

function integerSetting(
  api: LuaApi,
  L: LuaState,
  index: number,
  settings: CjsonSettings,
  name: keyof CjsonSettings,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (api.type(L, index) !== LuaType.nil) {
    const value = checkInteger(api, L, index);
    if (value < min || value > max) {
      // Whatever its position, lua-cjson blames the first argument.
      api.argumentError(L, 1, `expected integer between ${min} and ${max}`);
    }
    settings[name] = value;
  }
  api.pushNumber(L, settings[name]);
}

function chooseSetting(
  api: LuaApi,
  L: LuaState,
  index: number,
  settings: CjsonSettings,
  name: keyof CjsonSettings,
  choices: readonly string[],
): void {
  const type = api.type(L, index);
  if (type === LuaType.boolean) settings[name] = api.toBoolean(L, index) ? 1 : 0;
  else if (type !== LuaType.nil) {
    const word = api.checkString(L, index);
    const chosen = choices.indexOf(word);
    if (chosen < 0) api.argumentError(L, index, `invalid option '${word}'`);
    settings[name] = chosen;
  }
  if (settings[name] < SWITCH.length) api.pushBoolean(L, settings[name] === 1);
  else api.pushString(L, choices[settings[name]] ?? '');
}
