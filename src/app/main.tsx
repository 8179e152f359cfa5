/** Starts the page. */
import { createRoot } from 'react-dom/client';
import { registerServiceWorker } from './delivery/register.ts';
import './theme.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<h1>Keyspace</h1>);
void registerServiceWorker();
