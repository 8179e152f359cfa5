/** The lab's clock: what time it is there, how fast it goes, and how to get on. */
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { timeInWords } from './node-words.ts';
import type { TopologyStore } from './store.ts';

const jumps = [
  { label: '1 second on', ms: 1000 },
  { label: '5 seconds on', ms: 5000 },
  { label: '15 seconds on', ms: 15_000 },
  { label: '1 minute on', ms: 60_000 },
] as const;

export function ClockBar({ store }: { store: TopologyStore }) {
  const { nowMs, rate } = useStore(store, (state) => state.clock);
  const { setPace, step, jump } = store.getState();
  return (
    <div
      role="toolbar"
      aria-label="Clock of the servers"
      className="flex shrink-0 flex-wrap items-center border-b border-line px-2 py-1"
    >
      <span className="px-2 font-mono text-small tabular-nums">
        <span className="sr-only">Time there: </span>
        {timeInWords(nowMs)}
      </span>
      <span className="ml-auto flex items-center">
        <Button
          variant="quiet"
          title={rate === 0 ? 'Lets the time run' : 'Stops the time of all servers'}
          onClick={() => void setPace(rate === 0 ? 1 : 0)}
          className="px-2 text-small"
        >
          {rate === 0 ? 'Go on' : 'Stop'}
        </Button>
        <Button
          variant="quiet"
          aria-pressed={rate === 10}
          title="Ten seconds there in one here"
          onClick={() => void setPace(rate === 10 ? 1 : 10)}
          className="px-2 text-small aria-pressed:bg-sunk aria-pressed:text-ink"
        >
          ×10
        </Button>
        <Button
          variant="quiet"
          title="Stops the time, and goes on to the next event"
          onClick={() => void step()}
          className="px-2 text-small"
        >
          Step
        </Button>
        <Menu
          label="Jump ahead"
          align="end"
          items={jumps.map(({ label, ms }) => ({ label, run: () => void jump(ms) }))}
        >
          <span className="text-small">Jump</span>
        </Menu>
      </span>
    </div>
  );
}
