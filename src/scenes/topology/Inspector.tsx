/** The node or link that is selected: what it knows and believes, and what can be done to it. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';
import { nodeActions } from './actions.ts';
import { LinkControls } from './LinkControls.tsx';
import { linkSentence } from './Links.tsx';
import {
  beliefInWords,
  contentsOf,
  followingOf,
  quorumOf,
  slotCount,
  stateWords,
  watchingOf,
} from './node-words.ts';
import type { Scene, SceneLink, SceneNode } from './scene.ts';
import type { TopologyStore } from './store.ts';

export type InspectorProps = {
  store: TopologyStore;
  /** Opens a console on a server. */
  onConsole: (address: string, name: string) => void;
};

export function Inspector({ store, onConsole }: InspectorProps) {
  const scene = useStore(store, (state) => state.scene);
  const selected = useStore(store, (state) => state.selected);
  const node = scene.nodes.find(({ name }) => name === selected);
  const link = scene.links.find(({ id }) => id === selected);
  const close = () => store.getState().select(undefined);
  if (node) {
    return (
      <Frame
        title={node.name}
        onClose={close}
        actions={<NodeButtons store={store} node={node} onConsole={onConsole} />}
      >
        <div className="grid gap-x-6 gap-y-2.5 @min-[30rem]:grid-cols-2">
          <NodeFacts node={node} scene={scene} />
          <Beliefs node={node} scene={scene} />
        </div>
      </Frame>
    );
  }
  if (!link) return null;
  return (
    <Frame
      title={`${link.ends[0]} – ${link.ends[1]}`}
      onClose={close}
      actions={<LinkControls store={store} link={link} />}
    >
      <LinkFacts link={link} />
    </Frame>
  );
}

type FrameProps = {
  title: string;
  onClose: () => void;
  /** What can be done: in sight as soon as it is opened, however little room there is. */
  actions: ReactNode;
  children: ReactNode;
};

function Frame({ title, onClose, actions, children }: FrameProps) {
  const heading = useId();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up.
    void top.current?.scrollIntoView({ block: 'nearest' });
  }, [title]);
  return (
    <section aria-labelledby={heading} className="@container border-t border-line px-4 py-2">
      <div ref={top} className="flex flex-col gap-2.5 pb-2.5">
        <div className="flex items-center justify-between">
          <h3 id={heading} className="text-ui font-semibold">
            {title}
          </h3>
          <IconButton label="Close this" icon="cross" onClick={onClose} />
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}

function NodeFacts({ node, scene }: { node: SceneNode; scene: Scene }) {
  const { facts, address, role, state, under, refusal } = node;
  const slots = slotCount(node.name, scene.shares);
  const rows: readonly (readonly [string, string])[] = [
    ['Address', address],
    ['State', refusal ? `${stateWords[state]}; says ${refusal}` : stateWords[state]],
    ['Role', under !== undefined && role === 'replica' ? `replica of ${under}` : role],
    ['Follows', followingOf(node)],
    ['Offset', facts && role !== 'sentinel' ? groups(facts.offset) : ''],
    ['Slots', facts?.cluster && role === 'primary' ? groups(slots) : ''],
    ['Epoch', facts?.cluster ? String(facts.cluster.epoch) : ''],
    ['Watches', watchingOf(node)],
    ['Quorum', quorumOf(node)],
    ['Holds', role === 'sentinel' ? '' : contentsOf(node)],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] content-start gap-x-4 gap-y-0.5 text-ui tabular-nums">
      {rows
        .filter(([, text]) => text !== '')
        .map(([name, text]) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{text}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Everything that can be done to a node. */
export function NodeButtons({ store, node, onConsole }: InspectorProps & { node: SceneNode }) {
  const links = useStore(store, (state) => state.scene.links);
  return (
    <div className="flex flex-wrap gap-2">
      {nodeActions(node, links).map(({ label, isHarm, controls }) => (
        <Button
          key={label}
          variant={isHarm ? 'danger' : 'plain'}
          aria-label={`${label}: ${node.name}`}
          onClick={() => void store.getState().act(...controls)}
        >
          {label}
        </Button>
      ))}
      <Button
        variant="quiet"
        icon="console"
        aria-label={`Console: ${node.name}`}
        onClick={() => onConsole(node.address, node.name)}
      >
        Console
      </Button>
    </div>
  );
}

function Beliefs({ node, scene }: { node: SceneNode; scene: Scene }) {
  const told = scene.nodes.flatMap(({ name, address }) => {
    const belief = node.facts?.beliefs.get(address);
    return belief ? [[name, beliefInWords(belief)] as const] : [];
  });
  if (told.length === 0) return null;
  return (
    <table className="w-full self-start text-ui">
      <caption className="pb-0.5 text-left text-ink-2">
        {node.state === 'running' ? 'What it believes' : 'What it last believed'}
      </caption>
      <tbody>
        {told.map(([name, words]) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className="py-0.5 pr-4 text-left font-normal">
              {name}
            </th>
            <td className="w-full py-0.5 font-mono text-small">{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const LinkFacts = ({ link }: { link: SceneLink }) => (
  <p className="text-ui tabular-nums">{linkSentence(link).replace(/^.*?: /, '')}</p>
);
