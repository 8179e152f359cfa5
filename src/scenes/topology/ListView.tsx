/** The same as the diagram in two lists: for whoever reads rather than looks. */
import { useId } from 'react';
import { useStore } from 'zustand';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { NodeButtons } from './Inspector.tsx';
import { LinkControls } from './LinkControls.tsx';
import { linkSentence } from './Links.tsx';
import { inOneSentence } from './node-words.ts';
import type { TopologyStore } from './store.ts';

export type ListViewProps = {
  store: TopologyStore;
  onConsole: (address: string, name: string) => void;
};

export function ListView({ store, onConsole }: ListViewProps) {
  const { nodes, links, shares } = useStore(store, (state) => state.scene);
  const ids = { servers: useId(), links: useId() };
  return (
    <div className="flex flex-col gap-3 px-4 py-2 text-ui">
      <section aria-labelledby={ids.servers}>
        <h3 id={ids.servers} className="font-semibold">
          Servers
        </h3>
        <ul>
          {nodes.map((node) => (
            <li key={node.name} className="flex flex-col gap-1.5 border-t border-line py-2">
              <p>{inOneSentence(node, shares)}</p>
              <NodeButtons store={store} node={node} onConsole={onConsole} />
            </li>
          ))}
        </ul>
      </section>
      {links.length > 0 && (
        <section aria-labelledby={ids.links}>
          <h3 id={ids.links} className="font-semibold">
            Links
          </h3>
          <ul>
            {links.map((link) => (
              <li key={link.id} className="border-t border-line">
                <Disclosure summary={linkSentence(link).replace('Link ', '')}>
                  <div className="flex flex-col gap-2">
                    <LinkControls store={store} link={link} />
                  </div>
                </Disclosure>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
