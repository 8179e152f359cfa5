/** What an encoding looks like in memory, in boxes: what lies together, and what points elsewhere. */
import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';

export type EncodingDrawingProps = {
  /** As OBJECT ENCODING answers. */
  encoding: string;
  /** The first elements. */
  samples: readonly string[];
  /** How many there are in all. */
  size: number;
  /** The hue of the type. */
  className: string;
};

export function EncodingDrawing({ encoding, samples, size, className }: EncodingDrawingProps) {
  const drawing = drawings[encoding];
  const rest = size - samples.length;
  return (
    <div className="flex flex-col gap-2">
      <div
        aria-hidden="true"
        className={cx('overflow-hidden rounded bg-raised p-3 font-mono text-small', className)}
      >
        {drawing ? drawing.draw(samples, rest) : <Strip items={samples} rest={rest} />}
      </div>
      <p className="max-w-measure text-[0.9375rem]">
        <span className="font-mono text-code font-semibold">{encoding}</span>:{' '}
        {drawing?.says ?? 'an encoding that this drawing does not know.'}
      </p>
    </div>
  );
}

interface Drawing {
  readonly says: string;
  readonly draw: (samples: readonly string[], rest: number) => ReactNode;
}

const strip = (samples: readonly string[], rest: number) => <Strip items={samples} rest={rest} />;

const drawings: Readonly<Record<string, Drawing>> = {
  int: {
    says: 'a number, in the place where otherwise a pointer to the text would be.',
    draw: strip,
  },
  embstr: {
    says: 'header and text in one piece of memory, so one allocation. Up to 44 bytes.',
    draw: (samples) => <Strip items={['header', ...samples]} rest={0} />,
  },
  raw: {
    says: 'a header that points to the text: two allocations, and room to grow.',
    draw: (samples) => (
      <Linked>
        <Cell>header</Cell>
        <Cell>{samples[0]}…</Cell>
      </Linked>
    ),
  },
  listpack: {
    says: 'all elements one behind the other in one piece of memory. Nothing points anywhere, so it is small; to find an element is to walk.',
    draw: strip,
  },
  intset: {
    says: 'whole numbers, sorted, each in as few bytes as the largest needs. Found by halving.',
    draw: strip,
  },
  quicklist: {
    says: 'a chain of listpacks, each of at most 8 kB: cheap at both ends, and still packed.',
    draw: (samples, rest) => (
      <Linked>
        <Strip items={samples.slice(0, 4)} rest={0} dots />
        <Strip items={['…']} rest={0} />
        <Strip items={[`and ${rest} more`]} rest={0} />
      </Linked>
    ),
  },
  hashtable: {
    says: 'buckets that point to entries of their own. Any element is one step away, and each costs pointers and an allocation.',
    draw: (samples, rest) => <Buckets items={samples} rest={rest} />,
  },
  skiplist: {
    says: 'sorted, with express lanes that skip many members at a time, beside a hash table for the scores: ranges and look-ups are both fast, at the price of memory.',
    draw: (samples, rest) => <Lanes items={samples} rest={rest} />,
  },
};

function Cell({ children }: { children: ReactNode }) {
  return <span className="border border-current px-1.5 whitespace-nowrap">{children}</span>;
}

type StripProps = { items: readonly string[]; rest: number; dots?: boolean };

function Strip({ items, rest, dots }: StripProps) {
  return (
    <span className="inline-flex flex-wrap gap-y-1 [&>*+*]:-ml-px">
      {items.map((item) => (
        <Cell key={item}>{item}</Cell>
      ))}
      {dots && <Cell>…</Cell>}
      {rest > 0 && <Cell>… {rest} more</Cell>}
    </span>
  );
}

function Linked({ children }: { children: ReactNode[] }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {children.map((child, index) => (
        <span key={index} className="inline-flex items-center gap-1">
          {index > 0 && <span>→</span>}
          {child}
        </span>
      ))}
    </span>
  );
}

function Buckets({ items, rest }: { items: readonly string[]; rest: number }) {
  const count = 6;
  const buckets = Array.from({ length: count }, (_, bucket) =>
    items.filter((item) => hash(item) % count === bucket),
  );
  return (
    <div className="flex flex-col gap-1">
      {buckets.map((bucket, index) => (
        <span key={index} className="inline-flex items-center gap-1">
          <Cell>{index}</Cell>
          {bucket.slice(0, 3).map((item) => (
            <span key={item} className="inline-flex items-center gap-1">
              → <Cell>{item}</Cell>
            </span>
          ))}
        </span>
      ))}
      {rest > 0 && <span>… {rest} more in more buckets</span>}
    </div>
  );
}

const hash = (text: string) =>
  [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 9973, 7);

function Lanes({ items, rest }: { items: readonly string[]; rest: number }) {
  const shown = items.slice(0, 8);
  const lanes = [4, 2, 1];
  return (
    <div className="flex flex-col gap-1">
      {lanes.map((skip) => (
        <span key={skip} className="grid auto-cols-fr grid-flow-col items-center gap-1">
          {shown.map((item, index) =>
            index % skip === 0 ? (
              <span key={item} className="truncate border border-current px-1">
                {skip === 1 ? item.split(' ')[0] : '●'}
              </span>
            ) : (
              <span key={item} className="border-t border-current" />
            ),
          )}
        </span>
      ))}
      {rest > 0 && <span>… {rest + items.length - shown.length} more</span>}
    </div>
  );
}
