import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { replay } from '../../transcript/replay.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

/** Every transcript beside the engine's code, each on a lab of its own; `-u` rewrites the replies. */
const transcripts = import.meta.glob<string>('../**/*.transcript', {
  query: '?raw',
  import: 'default',
  eager: true,
});

test.each(Object.entries(transcripts))('%s', async (path, text) => {
  const session = new LabSession(new Lab({ openLua }));
  const replayed = await replay(text, session, { lenient: true });
  await session.close();
  // Not the path alone: Vitest would look for it beside its own snapshots.
  await expect(replayed).toMatchFileSnapshot(join(import.meta.dirname, path));
});
