/** Placeholder: the scratchpad, where anything can be tried. */
import { PageHeading } from '../ui/PageHeading.tsx';
import { EmptyState } from '../ui/States.tsx';

export default function ScratchpadPage() {
  return (
    <div className="px-edge pt-8">
      <PageHeading title="Scratchpad">Scratchpad</PageHeading>
      <EmptyState text="A place to try anything is being built here. Until then, the console on the course page runs Redis commands." />
    </div>
  );
}
