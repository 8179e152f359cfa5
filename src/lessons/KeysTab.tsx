/** The Keys panel of the open lesson. */
import { use } from 'react';
import { KeysPanel } from '../scenes/KeysPanel.tsx';
import { useOpenLesson } from './context.tsx';

export default function KeysTab() {
  return <KeysPanel store={use(useOpenLesson().room()).keys} />;
}
