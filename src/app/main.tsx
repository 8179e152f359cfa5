/** Starts the page. */
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { watchArrivals } from './arrival.ts';
import { registerServiceWorker } from './delivery/register.ts';
import './theme.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
watchArrivals(window);
createRoot(root).render(<App />);
void registerServiceWorker();
