import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { LabSession } from '../engine/lab/script.ts';
import { VirtualDisk } from '../engine/persistence/disk.ts';
import { canCompare } from './real-redis.ts';

/** Back to an instant: redis-check-aof cuts an append-only file of ours where its second ends. */

const folder = '/data/appendonlydir/';
const config = { appendonly: 'yes', 'aof-timestamp-enabled': 'yes' };

function start(disk: VirtualDisk) {
  const lab = new Lab({ disk, config });
  const session = new LabSession(lab);
  return { lab, run: async (line: string) => (await session.send('', [line])).reply };
}

describe.runIf(canCompare('timestamps of append-only files'))('an append-only file', () => {
  test('is cut at an instant by redis-check-aof, and holds what there was then', async () => {
    const disk = new VirtualDisk();
    const { lab, run } = start(disk);
    const instants: number[] = [];
    for (const value of ['first', 'second', 'third']) {
      instants.push(Math.floor(lab.clock.now / 1000));
      await run(`SET k ${value}`);
      await run('RPUSH l x');
      lab.clock.advance(10_000);
    }
    const dir = mkdtempSync(join(tmpdir(), 'keyspace-aof-time-'));
    mkdirSync(join(dir, 'aof'));
    const real = (path: string) => join(dir, 'aof', path.replace(folder, ''));
    for (const path of disk.paths) writeFileSync(real(path), disk.read(path) as string, 'latin1');
    const manifest = real(`${folder}appendonly.aof.manifest`);
    const args = ['--truncate-to-timestamp', String(instants[1]), manifest];
    const { stdout } = spawnSync('redis-check-aof', args, { encoding: 'utf8' });
    expect(stdout).toContain('Successfully truncated AOF');
    for (const path of disk.paths) disk.write(path, readFileSync(real(path), 'latin1'));
    rmSync(dir, { recursive: true });
    const back = start(disk);
    expect(await back.run('GET k')).toBe('"second"');
    expect(await back.run('LLEN l')).toBe('(integer) 2');
  });
});
