import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { labOf } from '../../transcript/parse.ts';
import { replay } from '../../transcript/replay.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { topologyOf } from '../lab/topology.ts';

/** As the redis-server that they are compared with is started. */
const config = { 'enable-debug-command': 'yes' };

/** Every transcript beside the engine's code, each on a lab of its own; `-u` rewrites the replies. */
const transcripts = import.meta.glob<string>('../**/*.transcript', {
  query: '?raw',
  import: 'default',
  eager: true,
});

test.each(Object.entries(transcripts))('%s', async (path, text) => {
  const [kind = 'standalone', nodes = '1'] = labOf(text)?.split(/ +/) ?? [];
  const topology = topologyOf(kind, Number(nodes)) ?? { kind: 'standalone' };
  const session = new LabSession(new Lab({ openLua, config, topology }));
  const replayed = await replay(text, session, { lenient: true });
  await session.close();
  // Not the path alone: Vitest would look for it beside its own snapshots.
  await expect(replayed).toMatchFileSnapshot(join(import.meta.dirname, path));
});
