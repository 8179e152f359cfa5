/** What is commonly taught or was true once, beside what holds today. */
import { Prose } from '../ui/Prose.tsx';
import type { ThenAndNow } from './lesson.ts';

export function ThenAndNowView({ block }: { block: ThenAndNow }) {
  return (
    <div className="border-y border-line">
      {block.notes.map(({ topic, then, now, since }) => (
        <section key={topic} className="border-t border-line py-4 first:border-t-0">
          <h3 className="mb-2 text-h3 font-semibold">{topic}</h3>
          <dl className="grid gap-x-8 gap-y-3 md:grid-cols-2">
            <div>
              <dt className="text-small font-semibold text-ink-2">Often said</dt>
              <dd>
                <Prose html={then} small className="text-ink-2" />
              </dd>
            </div>
            <div>
              <dt className="text-small font-semibold text-accent">
                Today{since === undefined ? '' : `, since ${since}`}
              </dt>
              <dd>
                <Prose html={now} small />
              </dd>
            </div>
          </dl>
        </section>
      ))}
    </div>
  );
}
