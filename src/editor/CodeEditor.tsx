/**
 * A text that can be edited: a plain box until somebody goes into it, then Monaco in its place. Where a
 * finger types it stays a plain box: on phones Monaco knows neither the keyboard nor the selection.
 */
import {
  type RefObject,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { EditorHelpContext } from './context.tsx';
import type { LoadHelp, Mark } from './help.ts';
import type { EditorKind } from './kinds.ts';
import type { Mounted } from './monaco.ts';
import { repairsOf } from './repairs.ts';

export type CodeEditorProps = {
  kind: EditorKind;
  label: string;
  /** The label is there for who does not see the box's surroundings. */
  labelHidden?: boolean;
  value: string;
  onChange: (value: string) => void;
  /** Ctrl+Enter. */
  onRun: () => void;
  /** What is wrong, and at which lines. */
  marks?: readonly Mark[];
  minRows?: number;
  describedBy?: string;
  /** Whether it is gone into at once. */
  focused?: boolean;
};

type Loaded = { mount: typeof import('./monaco.ts').mount; was: Was };
/** The plain box at the moment when Monaco takes its place. */
type Was = {
  selection: readonly [number, number];
  font: { family: string; size: number; line: number };
  isFocused: boolean;
};

export function CodeEditor(props: CodeEditorProps) {
  const { label, labelHidden, kind, value, onChange, onRun, focused } = props;
  const { minRows = 3, describedBy, marks = noMarks } = props;
  const field = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [loaded, load] = useMonaco(box);
  useEffect(() => {
    if (focused) box.current?.focus();
  }, []);
  return (
    <div className="flex w-full flex-col gap-1">
      <label htmlFor={field} className={labelHidden ? 'sr-only' : 'text-ui font-semibold'}>
        {label}
      </label>
      {loaded ? (
        <Rich {...props} loaded={loaded} />
      ) : (
        <textarea
          id={field}
          ref={box}
          value={value}
          rows={Math.min(24, Math.max(minRows, value.split('\n').length + 1))}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          aria-describedby={describedBy}
          onFocus={load}
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun();
            else if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className={cx(frame, 'px-3 py-2')}
          data-kind={kind}
        />
      )}
      {marks.length > 0 && <Marks {...props} marks={marks} />}
    </div>
  );
}

/** What is wrong, in words, with what would mend it. */
function Marks({ kind, value, onChange, marks }: CodeEditorProps & { marks: readonly Mark[] }) {
  const help = useContext(EditorHelpContext);
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    if (kind === 'conf') void help?.().then(({ directives }) => setNames([...directives.keys()]));
  }, [kind, help]);
  return (
    <ul aria-label="What is wrong with the text" className="flex flex-col gap-1">
      {marks.map((mark) => (
        <li key={`${mark.line} ${mark.message}`} className="flex flex-wrap items-center gap-2">
          <span className="text-ui text-bad">
            Line {mark.line}: {mark.message}
          </span>
          {kind === 'conf' &&
            repairsOf(value, mark, names).map(({ label, text }) => (
              <Button key={label} icon="edit" onClick={() => onChange(text)}>
                {label}
              </Button>
            ))}
        </li>
      ))}
    </ul>
  );
}

const frame = 'w-full rounded border border-border bg-paper font-mono text-field leading-relaxed';

/** Loads Monaco when the box is gone into; a failure leaves the plain box, which does as well. */
function useMonaco(box: RefObject<HTMLTextAreaElement | null>) {
  const [loaded, setLoaded] = useState<Loaded>();
  const load = async () => {
    if (!window.matchMedia('(pointer: fine)').matches) return;
    const monaco = await import('./monaco.ts').catch(() => undefined);
    const { current } = box;
    if (!monaco || !current) return;
    const { fontFamily, fontSize, lineHeight } = getComputedStyle(current);
    const font = {
      family: fontFamily,
      size: Number.parseFloat(fontSize),
      line: Number.parseFloat(lineHeight),
    };
    const { selectionStart, selectionEnd } = current;
    const isFocused = document.activeElement === current;
    const was: Was = { selection: [selectionStart, selectionEnd], font, isFocused };
    // At once: what is typed meanwhile must not go into a box that is given up.
    flushSync(() => setLoaded({ mount: monaco.mount, was }));
  };
  return [loaded, load] as const;
}

function Rich(props: CodeEditorProps & { loaded: Loaded }) {
  const { kind, label, value, marks = noMarks, loaded, minRows = 3 } = props;
  const help = useContext(EditorHelpContext);
  const host = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const lowest = loaded.was.font.line * minRows + 18;
  const [height, setHeight] = useState(lowest);
  useLayoutEffect(() => {
    if (!host.current) return;
    const editor = loaded.mount(host.current, {
      ...loaded.was,
      ...{ kind, label, value, help },
      onChange: (next) => latest.current.onChange(next),
      onRun: () => latest.current.onRun(),
      onHeight: setHeight,
    });
    mounted.current = editor;
    return () => editor.dispose();
  }, []);
  useEffect(() => mounted.current?.setValue(value), [value]);
  useEffect(() => mounted.current?.setKind(kind), [kind]);
  const unreadable = useTypingMarks(kind, value, help);
  useEffect(() => mounted.current?.setMarks([...marks, ...unreadable]), [marks, unreadable]);
  return (
    <>
      <div
        ref={host}
        className={cx(frame, 'code-editor overflow-hidden')}
        style={{ height: Math.max(lowest, height) }}
        data-kind={kind}
      />
      <p className="text-small text-ink-2">
        Tab indents, or takes a suggestion. <kbd>Esc</kbd>, then <kbd>Tab</kbd> leaves.
      </p>
    </>
  );
}

const noMarks: readonly Mark[] = [];
const PAUSE_MS = 400;

/** What can be said against the text, whenever its writer pauses. */
function useTypingMarks(kind: EditorKind, value: string, help: LoadHelp | undefined) {
  const [marks, setMarks] = useState(noMarks);
  useEffect(() => {
    setMarks(noMarks);
    if (!help) return;
    let isPast = false;
    const timer = setTimeout(async () => {
      const found = await help().then(({ check }) => check(kind, value));
      if (!isPast) setMarks(found);
    }, PAUSE_MS);
    return () => {
      isPast = true;
      clearTimeout(timer);
    };
  }, [kind, value, help]);
  return marks;
}
