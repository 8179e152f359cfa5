/** What can be done to a node or a link, as buttons: one list for the diagram and for the list view. */
import type { Control } from '../../wire/messages.ts';
import type { SceneLink, SceneNode } from './scene.ts';

export interface Action {
  readonly label: string;
  /** It takes something away. */
  readonly isHarm: boolean;
  readonly controls: readonly Control[];
}

export function nodeActions({ name, state }: SceneNode, links: readonly SceneLink[]): Action[] {
  const to = (verb: 'kill' | 'pause' | 'resume' | 'revive') => [{ do: verb, node: name } as const];
  const ended: Action[] = [{ label: 'Start', isHarm: false, controls: to('revive') }];
  const kill: Action = { label: 'Kill', isHarm: true, controls: to('kill') };
  const goOn: Action = { label: 'Resume', isHarm: false, controls: to('resume') };
  const pause: Action = { label: 'Pause', isHarm: true, controls: to('pause') };
  const own = links.filter(({ ends }) => ends.includes(name));
  const whole = own.filter(({ ways }) => ways.some(({ isCut }) => !isCut));
  const cut = own.filter(({ ways }) => ways.some(({ isCut }) => isCut));
  const network: Action[] = [
    { label: 'Cut off from all', isHarm: true, controls: whole.map(cutBothWays) },
    { label: 'Mend its links', isHarm: false, controls: cut.map(healBothWays) },
  ];
  return [
    ...(state === 'ended' ? ended : [kill, state === 'paused' ? goOn : pause]),
    ...network.filter(({ controls }) => controls.length > 0),
  ];
}

export function linkActions(link: SceneLink): Action[] {
  const [there, back] = link.ways;
  const [from, to] = link.ends;
  if (there.isCut || back.isCut) {
    return [{ label: 'Mend', isHarm: false, controls: [healBothWays(link)] }];
  }
  const oneWay = (from: string, to: string): Action => ({
    label: `Cut ${from} → ${to}`,
    isHarm: true,
    controls: [{ do: 'cut', from, to, oneWay: true }],
  });
  return [
    { label: 'Cut', isHarm: true, controls: [cutBothWays(link)] },
    oneWay(from, to),
    oneWay(to, from),
  ];
}

const cutBothWays = ({ ends: [from, to] }: SceneLink): Control => ({ do: 'cut', from, to });
const healBothWays = ({ ends: [from, to] }: SceneLink): Control => ({ do: 'heal', from, to });

/** What a line may be like, both ways. */
export const delaysMs = [0, 20, 200, 1000] as const;
export const losses = [0, 0.1, 0.3] as const;

export const delayed = ({ ends: [a, b] }: SceneLink, ms: number): Control[] => [
  { do: 'latency', from: a, to: b, ms },
  { do: 'latency', from: b, to: a, ms },
];

export const lossy = ({ ends: [a, b] }: SceneLink, share: number): Control[] => [
  { do: 'loss', from: a, to: b, share },
  { do: 'loss', from: b, to: a, share },
];
