/** Goes through what is too long to be shown at once. */
import { Button } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';

export type PagerProps = {
  /** What is counted: "bytes", "parts". */
  what: string;
  all: number;
  perPage: number;
  /** From 0. */
  page: number;
  onPage: (page: number) => void;
};

export function Pager({ what, all, perPage, page, onPage }: PagerProps) {
  const pages = Math.ceil(all / perPage);
  if (pages <= 1) return null;
  const last = Math.min((page + 1) * perPage, all);
  const go = (to: number) => to >= 0 && to < pages && onPage(to);
  return (
    <div className="no-print flex flex-wrap items-center gap-2">
      <Button icon="left" aria-disabled={page === 0} onClick={() => go(page - 1)}>
        Previous
      </Button>
      <Button icon="right" aria-disabled={page === pages - 1} onClick={() => go(page + 1)}>
        Next
      </Button>
      <span className="text-small text-ink-2 tabular-nums">
        {what} {groups(page * perPage + 1)} to {groups(last)} of {groups(all)}
      </span>
    </div>
  );
}
