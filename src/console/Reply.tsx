/** One reply: folded when it is long, to be copied, its keys to be inspected. */
import { Icon } from '../ui/Icon.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { useConsoleView } from './context.tsx';
import { piecesOf } from './inspectable.ts';
import { type Entry, type Folded, fold } from './scrollback.ts';

type ReplyEntry = Extract<Entry, { kind: 'reply' }>;

type ReplyProps = {
  entry: ReplyEntry;
  onInspect: ((key: string, db: number) => void) | undefined;
};

export function Reply({ entry, onInspect }: ReplyProps) {
  const { store } = useConsoleView();
  const folded = fold(entry.text, entry.portions);
  return (
    <div className="term-reply group relative pr-8">
      {piecesOf(entry.argv, folded.text).map((piece, i) => {
        const { text, key, isError } = piece;
        if (key === undefined || !onInspect) return <Text key={i} text={text} isError={isError} />;
        return (
          <button
            key={i}
            type="button"
            title="Inspect this key"
            onClick={() => onInspect(key, store.getState().tab.status.db)}
            className="inline cursor-pointer text-left underline decoration-line underline-offset-2 hover:text-ink hover:decoration-accent"
          >
            {text}
          </button>
        );
      })}
      <ShowMore entry={entry} folded={folded} />
      <CopyButton text={entry.text} />
    </div>
  );
}

function Text({ text, isError }: { text: string; isError: boolean | undefined }) {
  return isError ? <span className="term-error">{text}</span> : text;
}

function ShowMore({ entry, folded }: { entry: ReplyEntry; folded: Folded }) {
  const { store } = useConsoleView();
  const { hiddenLines, hiddenCharacters } = folded;
  if (hiddenCharacters === 0) return null;
  const amount =
    hiddenLines > 1
      ? `${count(hiddenLines)} more lines`
      : `${count(hiddenCharacters)} more characters`;
  return (
    <button
      type="button"
      onClick={() => store.getState().showMore(entry.id)}
      className="block min-h-target py-1 font-sans text-ui text-ink underline decoration-accent underline-offset-2"
    >
      Show {amount}
    </button>
  );
}

const count = (n: number) => n.toLocaleString('en-US').replaceAll(',', '\u202f');

function CopyButton({ text }: { text: string }) {
  const { announce } = useNotices();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    announce('Reply copied');
  };
  return (
    <button
      type="button"
      aria-label="Copy reply"
      title="Copy reply"
      onClick={copy}
      className="absolute top-0 right-0 flex size-6 items-center justify-center rounded bg-paper text-ink-2 opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-60"
    >
      <Icon name="copy" className="size-3.5" />
    </button>
  );
}
