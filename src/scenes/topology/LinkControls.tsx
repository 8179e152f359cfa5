/** Everything that can be done to a link. */
import { Button } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/Fields.tsx';
import { delayed, delaysMs, linkActions, losses, lossy } from './actions.ts';
import type { SceneLink } from './scene.ts';
import type { TopologyStore } from './store.ts';

export function LinkControls({ store, link }: { store: TopologyStore; link: SceneLink }) {
  const { act } = store.getState();
  const name = link.ends.join(' – ');
  const [{ latencyMs, loss }] = link.ways;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {linkActions(link).map(({ label, isHarm, controls }) => (
          <Button
            key={label}
            variant={isHarm ? 'danger' : 'plain'}
            aria-label={`${label}: ${name}`}
            onClick={() => void act(...controls)}
          >
            {label}
          </Button>
        ))}
      </div>
      <div className="flex flex-wrap gap-4">
        <SelectField
          label="Delay, one way"
          value={latencyMs}
          onChange={({ target }) => void act(...delayed(link, Number(target.value)))}
        >
          {delaysMs.map((ms) => (
            <option key={ms} value={ms}>
              {ms === 0 ? 'none' : `${ms} ms`}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Packets lost"
          value={loss}
          onChange={({ target }) => void act(...lossy(link, Number(target.value)))}
        >
          {losses.map((share) => (
            <option key={share} value={share}>
              {share === 0 ? 'none' : `${share * 100} %`}
            </option>
          ))}
        </SelectField>
      </div>
    </>
  );
}
