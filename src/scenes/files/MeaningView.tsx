/** The bytes of a snapshot or an append-only file, each with what it means, a page at a time. */
import { useCallback, useState } from 'react';
import { cx } from '../../ui/cx.ts';
import type { BytesNote, FileEntry, FileName } from '../../wire/files.ts';
import { Pager } from './Pager.tsx';
import type { FilesStore } from './store.ts';
import { useAnswer } from './use-answer.tsx';

/** Parts of a page. */
const PAGE = 100;

export type MeaningViewProps = { store: FilesStore; file: FileName; entry: FileEntry };

export function MeaningView({ store, file, entry }: MeaningViewProps) {
  const [page, setPage] = useState(0);
  const ask = useCallback(
    () => store.getState().ask('annotate', { ...file, from: page * PAGE, count: PAGE }),
    [store, file, page],
  );
  const annotated = useAnswer(entry, ask);
  if (!annotated) return <p className="text-ui text-ink-2">Reading the file…</p>;
  if (annotated.all === 0) return <p className="text-ui text-ink-2">The file is empty.</p>;
  const at = Math.min(page, Math.ceil(annotated.all / PAGE) - 1);
  return (
    <>
      <Pager what="parts" all={annotated.all} perPage={PAGE} page={at} onPage={setPage} />
      <table className="w-full border-collapse text-ui">
        <caption className="sr-only">The bytes of the file and what they mean</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Offset</th>
            <th scope="col">Bytes</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {annotated.notes.map((note) => (
            <Row key={note.at} note={note} />
          ))}
        </tbody>
      </table>
      {annotated.all > PAGE && (
        <Pager what="parts" all={annotated.all} perPage={PAGE} page={at} onPage={setPage} />
      )}
    </>
  );
}

/** Never colour alone: what a part is stands beside it in words. */
const colours: Readonly<Record<BytesNote['part'], string>> = {
  frame: 'text-ink',
  opcode: 'text-accent',
  size: 'text-ink-2',
  key: 'text-info',
  data: 'text-ink',
  check: 'text-ok',
  broken: 'text-bad',
};

const indents = ['', 'pl-3', 'pl-6', 'pl-9'] as const;

function Row({ note }: { note: BytesNote }) {
  const { at, length, part, depth, says, bytes } = note;
  const isHead = part === 'opcode' || part === 'frame';
  return (
    <tr className={cx('align-baseline', isHead && depth === 0 && 'border-t border-line')}>
      <th
        scope="row"
        className="w-10 pr-3 text-right font-mono text-small font-normal text-ink-2 tabular-nums"
      >
        {at}
      </th>
      <td className="w-[12.5rem] py-0.5 pr-3 font-mono text-small @max-[26rem]:w-[6.5rem]">
        <span className={cx('block', colours[part])}>{hexOf(bytes)}</span>
        {length > bytes.length && (
          <span className="block text-ink-2">and {length - bytes.length} more</span>
        )}
      </td>
      <td className={cx('py-0.5 break-words', indents[Math.min(depth, 3)], colours[part])}>
        {says}
      </td>
    </tr>
  );
}

const hexOf = (bytes: string): string =>
  [...bytes].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
