/** Monaco's colours, read from the page's own, which Monaco wants as six digits. */
import { editor } from 'monaco-editor/editor';

const THEME = 'keyspace';

/** Wears the page's colours from now on, also when they change. */
export function followColours(): void {
  wear();
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', wear);
  const observer = new MutationObserver(wear);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
}

function wear(): void {
  const of = reader();
  editor.defineTheme(THEME, {
    base: of('--paper') < of('--ink') ? 'vs-dark' : 'vs',
    inherit: false,
    rules: Object.entries(tokens).map(([token, name]) => ({
      token,
      foreground: of(name).slice(1),
      ...(token === 'comment' && { fontStyle: 'italic' }),
    })),
    colors: Object.fromEntries(Object.entries(parts).map(([part, name]) => [part, of(name)])),
  });
  editor.setTheme(THEME);
}

/** Colours of kinds of words, as those of `app/code.css`. */
const tokens: Readonly<Record<string, string>> = {
  '': '--ink',
  comment: '--ink-2',
  keyword: '--accent',
  string: '--ok',
  number: '--info',
  constant: '--info',
  type: '--type-hash',
  predefined: '--type-hash',
  prompt: '--accent',
  directive: '--accent',
  delimiter: '--ink-2',
  invalid: '--bad',
};

const parts: Readonly<Record<string, string>> = {
  'editor.background': '--paper',
  'editor.foreground': '--ink',
  'editorLineNumber.foreground': '--ink-2',
  'editorLineNumber.activeForeground': '--ink',
  'editorCursor.foreground': '--accent',
  'editor.selectionBackground': '--accent-soft',
  'editor.inactiveSelectionBackground': '--sunk',
  'editor.lineHighlightBackground': '--paper',
  'editorError.foreground': '--bad',
  'editorWarning.foreground': '--wait',
  'editorWhitespace.foreground': '--line',
  'editorIndentGuide.background1': '--line',
  'editorIndentGuide.activeBackground1': '--border',
  'editorBracketMatch.background': '--sunk',
  'editorBracketMatch.border': '--border',
  'editorWidget.background': '--raised',
  'editorWidget.foreground': '--ink',
  'editorWidget.border': '--border',
  'editorSuggestWidget.background': '--raised',
  'editorSuggestWidget.foreground': '--ink',
  'editorSuggestWidget.border': '--border',
  'editorSuggestWidget.selectedBackground': '--sunk',
  'editorSuggestWidget.selectedForeground': '--ink',
  'editorSuggestWidget.highlightForeground': '--accent',
  'editorSuggestWidget.focusHighlightForeground': '--accent',
  'editorHoverWidget.background': '--raised',
  'editorHoverWidget.foreground': '--ink',
  'editorHoverWidget.border': '--border',
  'list.hoverBackground': '--sunk',
  'list.focusBackground': '--sunk',
  'list.highlightForeground': '--accent',
  focusBorder: '--accent',
  'input.background': '--paper',
  'input.foreground': '--ink',
  'input.border': '--border',
  'scrollbarSlider.background': '--line',
  'scrollbarSlider.hoverBackground': '--border',
  'scrollbarSlider.activeBackground': '--border',
};

/** Reads a colour of the page by painting with it. */
function reader(): (name: string) => string {
  const probe = document.body.appendChild(document.createElement('span'));
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  queueMicrotask(() => probe.remove());
  return (name) => {
    probe.style.color = `var(${name})`;
    if (!context) return '#808080';
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
}
