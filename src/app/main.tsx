/** Starts the page. */
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { watchArrivals } from './arrival.ts';
import { registerServiceWorker } from './delivery/register.ts';
import { loadScreen } from './routes.tsx';
import { progressStore } from './stores.ts';
import './theme.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
watchArrivals(window);
void show(root);
void registerServiceWorker();

/** A still of the page (delivery/still.tsx), where there is one, stands until the page can. */
async function show(root: HTMLElement): Promise<void> {
  // What cannot be fetched is said by the page itself.
  if (root.hasChildNodes()) await loadScreen(location.pathname).catch(() => undefined);
  startTransition(() => createRoot(root).render(<App progress={progressStore} />));
}
