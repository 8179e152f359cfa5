import { afterAll, describe, expect, test } from 'vitest';
import { labOf, sinceOf } from '../transcript/parse.ts';
import { compareTranscript } from './compare-transcript.ts';
import { canCompare, type Reference, referenceFor, startRealRedis } from './real-redis.ts';
import { TcpSession } from './tcp-session.ts';

const transcripts = import.meta.glob<string>('../engine/**/*.transcript', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Each with the redis-server that knows all of it, where there is one. */
const all = Object.entries(transcripts)
  // One redis-server is no data centre.
  .filter(([, text]) => labOf(text) === undefined)
  .map(([path, text]) => [path, text, referenceFor(sinceOf(text))] as const);
const known = all.filter((each): each is [string, string, Reference] => each[2] !== undefined);

describe.runIf(canCompare('transcripts'))('redis-server answers as the transcripts say', () => {
  const total = { compared: 0, skipped: 0, permitted: 0 };

  test.each(known)('%s', async (_path, text, reference) => {
    const redis = await startRealRedis([], reference);
    const session = new TcpSession(redis);
    try {
      const { problems, compared, skipped, permitted } = await compareTranscript(text, session);
      total.compared += compared;
      total.skipped += skipped;
      for (const times of permitted.values()) total.permitted += times;
      expect(problems.join('\n\n')).toBe('');
    } finally {
      await session.close();
      await redis.stop();
    }
  });

  afterAll(() => {
    const { compared, skipped, permitted } = total;
    const rest = `${skipped} not (they move time or break things), ${permitted} permitted to differ`;
    const newer = `${all.length - known.length} transcripts are newer than any redis-server here`;
    console.log(`transcripts: ${compared} steps compared with redis-server, ${rest}; ${newer}`);
  });
});
