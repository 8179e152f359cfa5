/** What a script finds in KEYS and ARGV. */
import type { LuaWords } from '../runtimes/lua-text.ts';
import { TextField } from '../ui/Fields.tsx';

export type LuaFormProps = { words: LuaWords; onChange: (words: LuaWords) => void };

export function LuaForm({ words, onChange }: LuaFormProps) {
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-2">
      <TextField
        label="KEYS"
        className="font-mono"
        value={words.keys}
        spellCheck={false}
        onChange={({ target }) => onChange({ ...words, keys: target.value })}
      />
      <TextField
        label="ARGV"
        className="font-mono"
        value={words.args}
        spellCheck={false}
        onChange={({ target }) => onChange({ ...words, args: target.value })}
      />
      <p className="w-full text-small text-ink-2">
        Words as you type them in the console. Every function of a library gets them.
      </p>
    </div>
  );
}
