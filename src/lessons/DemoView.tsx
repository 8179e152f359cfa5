/** A claim shown by a live widget, whose code is fetched when it comes near the window. */
import { Suspense } from 'react';
import { demoView } from '../scenes/demos/registry.tsx';
import { Loading } from '../ui/Progress.tsx';
import { Prose } from '../ui/Prose.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import type { Demo } from './lesson.ts';
import { useNear } from './use-near.tsx';

export function DemoView({ demo }: { demo: Demo }) {
  const { id, widget, title, caption, parameters } = demo;
  const [frame, near] = useNear<HTMLElement>();
  const View = demoView(widget);
  return (
    <figure ref={frame} aria-labelledby={`demo-${id}`} className="border-t border-line pt-5 pb-2">
      <h3 id={`demo-${id}`} className="text-h3 font-semibold">
        <span className="mr-3 text-small text-accent">Try it</span> {title}
      </h3>
      <figcaption className="mt-1 mb-4">
        <Prose html={caption} small />
      </figcaption>
      <ErrorBoundary what={`“${title}”`}>
        <Suspense fallback={<Loading text="Loading this demonstration…" />}>
          {near && View && <View parameters={parameters} />}
        </Suspense>
      </ErrorBoundary>
    </figure>
  );
}
