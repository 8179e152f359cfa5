/** The keys that a phone's keyboard lacks. */
import type { PointerEvent } from 'react';
import { useConsoleView } from './context.tsx';
import type { ConsoleState } from './store.ts';

interface Key {
  readonly face: string;
  readonly name: string;
  readonly press: (console: ConsoleState) => void;
}

const keys: readonly Key[] = [
  { face: '↑', name: 'Earlier line', press: (c) => c.move(-1) },
  { face: '↓', name: 'Later line', press: (c) => c.move(1) },
  { face: 'Tab', name: 'Complete', press: (c) => void c.complete() },
  { face: '^C', name: 'Stop, Ctrl-C', press: (c) => c.interrupt() },
  { face: '" "', name: 'Double quotes', press: (c) => c.insertPair('""') },
  { face: "' '", name: 'Single quotes', press: (c) => c.insertPair("''") },
  { face: '{ }', name: 'Braces', press: (c) => c.insertPair('{}') },
  { face: ':', name: 'Colon', press: (c) => c.insert(':') },
  { face: '*', name: 'Star', press: (c) => c.insert('*') },
  { face: '←', name: 'Left', press: (c) => c.edit('left') },
  { face: '→', name: 'Right', press: (c) => c.edit('right') },
];

export function KeyRow() {
  const { store } = useConsoleView();
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      className="hidden shrink-0 gap-1 overflow-x-auto border-t border-line bg-raised px-1 py-1 [scrollbar-width:none] max-md:flex pointer-coarse:flex"
    >
      {keys.map(({ face, name, press }) => (
        <button
          key={name}
          type="button"
          aria-label={name}
          onPointerDown={keepFocus}
          onClick={() => press(store.getState())}
          className="min-h-target min-w-target shrink-0 grow rounded border border-border bg-paper px-2 font-mono text-ui active:bg-sunk"
        >
          {face}
        </button>
      ))}
    </div>
  );
}

/** Pressing a key must not close the on-screen keyboard. */
const keepFocus = (event: PointerEvent) => event.preventDefault();
