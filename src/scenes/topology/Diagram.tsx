/**
 * The servers as cards and their links as lines. Everything that can be pressed is a button of the
 * page, so the picture itself can be used with the keyboard; the lines are decoration.
 */
import { useState } from 'react';
import { useStore } from 'zustand';
import { heightOf, inReadingOrder } from './geometry.ts';
import { Handles, Lines } from './Links.tsx';
import { NodeCard } from './NodeCard.tsx';
import type { TopologyStore } from './store.ts';

export function Diagram({ store }: { store: TopologyStore }) {
  const scene = useStore(store, (state) => state.scene);
  const selected = useStore(store, (state) => state.selected);
  const [pointed, point] = useState<string>();
  const { nodes, links, layout, shares } = scene;
  const viewer = nodes.find(({ name }) => name === (pointed ?? selected));
  const select = (what: string) =>
    store.getState().select(store.getState().selected === what ? undefined : what);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      role="group"
      aria-label="Diagram of the servers"
      className="relative mx-3 shrink-0"
      style={{ height: heightOf(layout) }}
    >
      <Lines links={links} layout={layout} selected={selected} onSelect={select} />
      {inReadingOrder(nodes, layout).map((node) => (
        <NodeCard
          key={node.name}
          node={node}
          place={layout.places.get(node.name)}
          columns={layout.columns}
          shares={shares}
          selected={selected === node.name}
          viewer={viewer}
          onSelect={() => select(node.name)}
          onPoint={(on) => point(on ? node.name : undefined)}
        />
      ))}
      <Handles links={links} layout={layout} selected={selected} onSelect={select} />
    </div>
  );
}
