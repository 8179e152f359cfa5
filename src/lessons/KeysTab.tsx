/** The Keys panel of the open lesson. */
import { use } from 'react';
import { KeysPanel } from '../scenes/KeysPanel.tsx';
import { useLesson, useOpenLesson } from './context.tsx';

export default function KeysTab() {
  const { keys } = use(useOpenLesson().room());
  const watching = useLesson(({ panel }) => panel === 'keys');
  return <KeysPanel store={keys} watching={watching} />;
}
