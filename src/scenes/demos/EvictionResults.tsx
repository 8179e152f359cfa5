/** What became of the keys: those of one run as a drawing, and all runs as a table. */
import { cx } from '../../ui/cx.ts';
import { type Fight, kinds } from './eviction-fight.ts';
import { Cell } from './parts.tsx';

/** A row of cells for each kind of key; what was evicted is crossed out, what has a TTL is round. */
export function Arena({ fight, busy }: { fight: Fight; busy: boolean }) {
  const { fighters, nextWrite, mistakes } = fight;
  const evicted = fighters.filter(({ survives }) => !survives).length;
  return (
    <div className={cx('flex flex-col gap-2', busy && 'opacity-55')}>
      {kinds.map(({ name, says }) => (
        <div key={name}>
          <p className="text-ui">
            <b>{name}</b> <span className="text-ink-2">used {says}</span>
          </p>
          <div aria-hidden="true" className="flex flex-wrap gap-1">
            {fighters
              .filter(({ kind }) => kind === name)
              .map(({ key, ttlS, survives }) => (
                <Cell key={key} there={survives} round={ttlS !== undefined} />
              ))}
          </div>
        </div>
      ))}
      <p className="text-small text-ink-2">
        Filled is still there, a cross is gone. Round ones have a TTL, square ones have none.
      </p>
      <p role="status" className="text-ui">
        {evicted} of {fighters.length} keys evicted
        {mistakes !== undefined && `, ${mistakes} of them before their turn`}. The next write:{' '}
        <code>{nextWrite}</code>
      </p>
    </div>
  );
}

export function Results({ fights }: { fights: readonly Fight[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section aria-label="Results so far" tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse text-ui tabular-nums">
        <caption className="sr-only">Keys that survive, by policy and kind</caption>
        <thead>
          <tr className="text-left text-small text-ink-2 [&>th]:pr-3 [&>th]:pb-1 [&>th]:font-normal">
            <th scope="col">Policy, samples</th>
            {kinds.map(({ name }) => (
              <th key={name} scope="col" className="text-right">
                {name}
              </th>
            ))}
            <th scope="col" className="text-right">
              before their turn
            </th>
          </tr>
        </thead>
        <tbody>
          {fights.map((fight) => (
            <tr key={fight.name} className="border-t border-line [&>td]:pr-3 [&>td]:text-right">
              <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                {fight.name}
              </th>
              {kinds.map(({ name }) => (
                <td key={name}>{survivors(fight, name)}</td>
              ))}
              <td>{fight.mistakes ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const survivors = ({ fighters }: Fight, kind: string): number =>
  fighters.filter((each) => each.kind === kind && each.survives).length;
