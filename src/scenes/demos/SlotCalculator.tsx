/** From a key to its slot to its owner: what a cluster computes for every command. */
import { useState } from 'react';
import { utf8Encode } from '../../engine/bytes/bytes.ts';
import { crc16, SLOT_COUNT, slotOf } from '../../engine/bytes/crc16.ts';
import { Button } from '../../ui/Button.tsx';
import { shardColour } from '../topology/SlotBar.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls } from './parts.tsx';

export default function SlotCalculator({ parameters }: { parameters: ParametersOf<'slots'> }) {
  const { keys, primaries } = parameters;
  const [key, setKey] = useState(keys[0] ?? '');
  const bytes = utf8Encode(key);
  const hashed = tagOf(key);
  const crc = crc16(utf8Encode(hashed));
  const slot = slotOf(bytes);
  const owner = Math.min(Math.floor((slot * primaries) / SLOT_COUNT), primaries - 1);
  return (
    <div className="flex flex-col gap-3">
      <label className="flex flex-col gap-1 text-ui">
        Key
        <input
          value={key}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          onChange={({ target }) => setKey(target.value)}
          className="min-h-target w-full max-w-measure rounded border border-border bg-paper px-3 font-mono text-field"
        />
      </label>
      <Controls>
        {keys.map((each) => (
          <Button key={each} variant="quiet" onClick={() => setKey(each)} className="font-mono">
            {each}
          </Button>
        ))}
      </Controls>
      <dl
        aria-live="polite"
        className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-ui tabular-nums [&>dd]:font-mono [&>dd]:[overflow-wrap:anywhere]"
      >
        <dt className="text-ink-2">Is hashed</dt>
        <dd>{hashed === key ? 'the whole key' : `only ${hashed}`}</dd>
        <dt className="text-ink-2">CRC16</dt>
        <dd>
          {crc} = 0x{crc.toString(16).toUpperCase().padStart(4, '0')}
        </dd>
        <dt className="text-ink-2">Slot</dt>
        <dd>
          {crc} mod {SLOT_COUNT} = {slot}
        </dd>
        <dt className="text-ink-2">Owner</dt>
        <dd>node{owner + 1}</dd>
      </dl>
      <Track slot={slot} primaries={primaries} />
    </div>
  );
}

/** What is hashed of a key: the part in its first braces, unless that is empty. */
function tagOf(key: string): string {
  const [, tag] = /^[^{]*\{([^}]+)\}/.exec(key) ?? [];
  return tag ?? key;
}

/** All slots on one line, in equal shares, with a needle at this one. */
function Track({ slot, primaries }: { slot: number; primaries: number }) {
  return (
    <div aria-hidden="true" className="relative pt-3">
      <div className="flex h-6 overflow-hidden rounded-small">
        {Array.from({ length: primaries }, (_, i) => (
          <span
            key={i}
            className="slots-owned grow basis-0 leading-6!"
            style={{ background: shardColour(i) }}
          >
            node{i + 1}
          </span>
        ))}
      </div>
      <span
        className="absolute top-0 h-9 w-0.5 -translate-x-1/2 bg-accent outline-2 outline-paper"
        style={{ left: `${(100 * (slot + 0.5)) / SLOT_COUNT}%` }}
      />
    </div>
  );
}
