/**
 * What a browser does on its own between documents, done between screens: focus goes to the new
 * heading, a link leads to the top or to its fragment, back leads to where one was.
 */
import { ARRIVAL, GROWTH } from '../ui/PageHeading.tsx';

type Way = 'load' | 'link' | 'back';

const KEPT = 'keyspace.scroll';

/** Starts watching; call it once, before the first screen is shown. */
export function watchArrivals(page: Window): void {
  const { document, history, location } = page;
  const scrolls = readScrolls(page);
  let way: Way = cameBack(page) ? 'back' : 'load';
  let shown: string | undefined;
  let goThere: (() => void) | undefined;
  history.scrollRestoration = 'manual';

  const leave = (next: Way) => () => {
    if (location.pathname === shown) return;
    way = next;
    shown = undefined;
  };
  // wouter announces what it pushes; the browser announces only what it pops.
  page.addEventListener('pushState', leave('link'));
  page.addEventListener('replaceState', leave('link'));
  page.addEventListener('popstate', leave('back'));
  page.addEventListener('scroll', () => shown && scrolls.set(shown, page.scrollY), {
    passive: true,
  });
  page.addEventListener('pagehide', () => keepScrolls(page, scrolls));

  document.addEventListener(ARRIVAL, (event) => {
    const arrivedBy = way;
    shown = location.pathname;
    way = 'link';
    if (event.target instanceof HTMLElement && arrivedBy !== 'load') {
      event.target.focus({ preventScroll: true });
    }
    // The page may have been scrolled before there was a screen: its still can be.
    if (arrivedBy === 'load') scrolls.set(shown, page.scrollY);
    const kept = scrolls.get(shown) ?? 0;
    goThere = () => {
      const fragment = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (arrivedBy === 'back') page.scrollTo(0, kept);
      else if (fragment) fragment.scrollIntoView();
      else if (arrivedBy === 'link') page.scrollTo(0, 0);
    };
    goThere();
  });
  document.addEventListener(GROWTH, () => goThere?.());
  // Who has begun to move about is not moved any more.
  const stay = () => {
    goThere = undefined;
  };
  for (const own of ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const) {
    page.addEventListener(own, stay, { passive: true });
  }
}

/** The page was reloaded, or returned to from elsewhere. */
function cameBack(page: Window): boolean {
  const [entry] = page.performance.getEntriesByType('navigation');
  return entry !== undefined && 'type' in entry && entry.type !== 'navigate';
}

function readScrolls(page: Window): Map<string, number> {
  try {
    const kept: unknown = JSON.parse(page.sessionStorage.getItem(KEPT) ?? '[]');
    return new Map(Array.isArray(kept) ? kept.filter(isScroll) : []);
  } catch {
    return new Map();
  }
}

const isScroll = (entry: unknown): entry is [string, number] =>
  Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number';

function keepScrolls(page: Window, scrolls: Map<string, number>): void {
  try {
    page.sessionStorage.setItem(KEPT, JSON.stringify([...scrolls]));
  } catch {
    // Without storage a reload leads to the top, which is no loss worth a word.
  }
}
