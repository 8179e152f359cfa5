import { afterAll, describe, expect, test } from 'vitest';
import { compareTranscript } from './compare-transcript.ts';
import { canCompare, startRealRedis } from './real-redis.ts';
import { TcpSession } from './tcp-session.ts';

const transcripts = import.meta.glob<string>('../engine/**/*.transcript', {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe.runIf(canCompare('transcripts'))('redis-server answers as the transcripts say', () => {
  const total = { compared: 0, skipped: 0, permitted: 0 };

  test.each(Object.entries(transcripts))('%s', async (_path, text) => {
    const redis = await startRealRedis();
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
    console.log(`transcripts: ${compared} steps compared with redis-server, ${rest}`);
  });
});
