/** The Files panel of the open lesson. */
import { use } from 'react';
import { FilesPanel } from '../scenes/files/FilesPanel.tsx';
import { useLesson, useOpenLesson } from './context.tsx';

export default function FilesTab() {
  const { files } = use(useOpenLesson().room());
  const watching = useLesson(({ panel }) => panel === 'files');
  return <FilesPanel store={files} watching={watching} />;
}
