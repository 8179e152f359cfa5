/**
 * Monaco, and everything of it that the page uses. About a megabyte: imported when somebody begins to
 * edit, never with a page. The features are named one by one: all of them would be half as much more.
 */
import { editor, KeyCode, KeyMod, languages, MarkerSeverity, Range } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/snippet/register';
// The feature called suggest is not what suggests.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/features/wordOperations/register';
import { followColours } from './colours.ts';
import type { LoadHelp, Mark, Suggestion } from './help.ts';
import { type EditorKind, isByLine } from './kinds.ts';
import { languageIds } from './languages.ts';
import { suggestAt } from './suggest.ts';

export interface MountOptions {
  readonly kind: EditorKind;
  readonly label: string;
  readonly value: string;
  /** Offsets in the text. */
  readonly selection: readonly [number, number];
  readonly help: LoadHelp | undefined;
  /** The font of the box that it takes the place of. */
  readonly font: { readonly family: string; readonly size: number; readonly line: number };
  readonly isFocused: boolean;
  onChange(value: string): void;
  onRun(): void;
  /** How high the text is now, in px. */
  onHeight(height: number): void;
}

export interface Mounted {
  setValue(value: string): void;
  setKind(kind: EditorKind): void;
  setMarks(marks: readonly Mark[]): void;
  focus(): void;
  dispose(): void;
}

const HIGHEST_ROWS = 24;
const PADDING = 8;

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };
followColours();

/** What each text is, and whom to ask about it. */
const texts = new WeakMap<editor.ITextModel, { kind: EditorKind; help: LoadHelp | undefined }>();

export function mount(host: HTMLElement, options: MountOptions): Mounted {
  const { kind, value, help, selection, font, isFocused, onChange, onHeight } = options;
  const model = editor.createModel(value, languageIds[kind]);
  texts.set(model, { kind, help });
  const box = editor.create(host, { ...fixedOptions, ...optionsOf(options), model });
  const [start, end] = selection.map((offset) => model.getPositionAt(offset));
  if (start && end) box.setSelection(Range.fromPositions(start, end));
  if (isFocused) box.focus();
  leaveByEscape(box);
  box.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, () => options.onRun());
  const measure = () =>
    onHeight(Math.min(box.getContentHeight(), font.line * HIGHEST_ROWS + 2 * PADDING));
  box.onDidContentSizeChange(measure);
  measure();
  model.onDidChangeContent(() => onChange(model.getValue()));
  return {
    setValue(next) {
      if (next !== model.getValue()) replaceText(box, model, next);
    },
    setKind(kind) {
      texts.set(model, { kind, help });
      editor.setModelLanguage(model, languageIds[kind]);
      box.updateOptions(optionsOfKind(kind));
    },
    setMarks: (marks) => editor.setModelMarkers(model, 'keyspace', marks.map(markerOf(model))),
    focus: () => box.focus(),
    dispose() {
      box.dispose();
      model.dispose();
    },
  };
}

const fixedOptions: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  // What is inserted as a whole is complete: nothing is closed behind it.
  autoClosingBrackets: 'never',
  autoClosingQuotes: 'never',
  bracketPairColorization: { enabled: false },
  editContext: false,
  fixedOverflowWidgets: true,
  folding: false,
  glyphMargin: false,
  lineDecorationsWidth: 8,
  lineNumbersMinChars: 2,
  links: false,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  padding: { top: PADDING, bottom: PADDING },
  renderLineHighlight: 'none',
  scrollBeyondLastLine: false,
  scrollbar: { alwaysConsumeMouseWheel: false, useShadows: false },
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
  wordBasedSuggestions: 'off',
  wordWrap: 'on',
  wrappingIndent: 'indent',
};

const optionsOf = ({ kind, label, font }: MountOptions) => ({
  ...optionsOfKind(kind),
  ariaLabel: label,
  fontFamily: font.family,
  fontSize: font.size,
  lineHeight: font.line,
});

const optionsOfKind = (kind: EditorKind): editor.IEditorOptions => ({
  // Where a line is a sentence, Enter ends it; a suggestion is taken by Tab.
  acceptSuggestionOnEnter: isByLine(kind) ? 'off' : 'on',
  quickSuggestions: { other: 'on', strings: isByLine(kind) || kind === 'lua', comments: 'off' },
});

/** Tab indents until Escape is pressed; then it leaves, as everywhere on the page. */
function leaveByEscape(box: editor.IStandaloneCodeEditor): void {
  const become = (leaves: boolean) => box.updateOptions({ tabFocusMode: leaves });
  const nothingOpen =
    '!suggestWidgetVisible && !findWidgetVisible && !markersNavigationVisible && !inSnippetMode';
  box.addCommand(KeyCode.Escape, () => become(true), nothingOpen);
  box.onDidBlurEditorWidget(() => become(false));
  box.onDidChangeModelContent(() => become(false));
}

/** As an edit, so that it can be undone. */
function replaceText(box: editor.ICodeEditor, model: editor.ITextModel, text: string): void {
  box.pushUndoStop();
  box.executeEdits('page', [{ range: model.getFullModelRange(), text }]);
  box.pushUndoStop();
}

const markerOf = (model: editor.ITextModel) => (mark: Mark) => {
  const line = Math.min(Math.max(mark.line, 1), model.getLineCount());
  return {
    severity: MarkerSeverity.Error,
    message: mark.message,
    startLineNumber: line,
    endLineNumber: line,
    startColumn: model.getLineFirstNonWhitespaceColumn(line) || 1,
    endColumn: model.getLineMaxColumn(line),
  };
};

for (const id of new Set(Object.values(languageIds))) {
  languages.registerCompletionItemProvider(id, {
    triggerCharacters: [' ', '.', '@', '+', '-', "'", '"'],
    provideCompletionItems: async (model, position) => {
      const { lineNumber, column } = position;
      const before = model.getLineContent(lineNumber).slice(0, column - 1);
      const { kind, help } = texts.get(model) ?? {};
      if (!kind || !help) return { suggestions: [] };
      const found = suggestAt(kind, { before, text: model.getValue() }, await help());
      const range = new Range(lineNumber, (found?.start ?? 0) + 1, lineNumber, column);
      return { suggestions: (found?.all ?? []).map((each) => itemOf(each, range)) };
    },
  });
  languages.registerHoverProvider(id, {
    provideHover: async (model, position) => {
      const word = model.getWordAtPosition(position)?.word;
      const { kind, help } = texts.get(model) ?? {};
      if (!word || !kind || !help) return undefined;
      const { command, directives } = await help();
      const isConf = kind === 'conf';
      const value = isConf ? directives.get(word.toLowerCase()) : undefined;
      if (value !== undefined) return saying(`${word} ${value}`, 'What a server begins with.');
      const found = isConf ? undefined : command(word);
      return found && saying(found.syntax ?? found.text, found.meaning ?? '');
    },
  });
}

const itemOf = ({ text, syntax, meaning }: Suggestion, range: Range): languages.CompletionItem => ({
  label: { label: text, ...(syntax && { description: syntax }) },
  insertText: text,
  range,
  kind: languages.CompletionItemKind.Function,
  ...(meaning && { documentation: meaning }),
});

const saying = (code: string, meaning: string): languages.Hover => ({
  contents: [{ value: `\`${code}\`` }, { value: meaning }],
});
