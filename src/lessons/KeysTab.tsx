/** The Keys panel of the open lesson. */
import { KeysPanel } from '../scenes/KeysPanel.tsx';
import { useOpenLesson } from './context.tsx';

export default function KeysTab() {
  return <KeysPanel store={useOpenLesson().keys} />;
}
