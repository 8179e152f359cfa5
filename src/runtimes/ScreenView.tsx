/** What a program has printed so far, and how far the loading has come that it waits for. */
import { Progress } from '../ui/Progress.tsx';
import type { Chunk, Loading, Screen } from './screen.ts';

export function ScreenView({ screen }: { screen: Screen }) {
  const { chunks, loading } = screen;
  return (
    <>
      {loading && <LoadingBar loading={loading} />}
      {chunks.length > 0 && (
        <div className="term" data-testid="screen">
          {chunks.map((chunk, index) => (
            // A chunk keeps its place: they are only added to.
            <span key={`${index}`} className={classes[chunk.stream]}>
              {chunk.text}
            </span>
          ))}
        </div>
      )}
    </>
  );
}

const classes: Readonly<Record<Chunk['stream'], string | undefined>> = {
  out: undefined,
  err: 'term-error',
  note: 'text-ink-2 italic',
};

function LoadingBar({ loading: { what, about, loaded, total } }: { loading: Loading }) {
  const amount = `${megabytes(loaded)} of ${megabytes(total)} MB`;
  return (
    <div className="flex max-w-96 flex-col gap-1 py-1">
      <p className="text-small">
        {loaded < total ? `Loading ${what}, once: ${amount}` : `Starting ${what}`}
      </p>
      <Progress label={`Loading ${what}`} value={loaded} max={total} bare />
      <p className="text-small text-ink-2">{about}</p>
    </div>
  );
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
