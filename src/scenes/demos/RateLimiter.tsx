/** A sliding-window limiter: a script, the sorted set behind it, and the window as it moves. */
import { useEffect, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { Checkbox } from '../../ui/Fields.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'rate-limiter'>;

interface Request {
  /** Lab time, ms. */
  readonly at: number;
  readonly allowed: boolean;
  readonly remaining: number;
}

export default function RateLimiter({ parameters }: { parameters: Parameters }) {
  const { limit, windowS, member } = parameters;
  const stage = useStage();
  const [requests, setRequests] = useState<readonly Request[]>([]);
  const [unique, setUnique] = useState(member !== 'second');
  const [members, setMembers] = useState(0);
  const { busy, problem, start } = useTask();
  const request = async (times: number) => {
    const client = stage.client();
    for (let n = 0; n < times; n++) {
      const reply = await client.ask(
        'EVAL',
        scriptOf(unique),
        '1',
        KEY,
        ...args(parameters, stage),
      );
      if (!Array.isArray(reply)) throw new Error(String(reply));
      const [allowed, remaining] = reply;
      const made = { at: stage.now(), allowed: allowed === 1, remaining: Number(remaining) };
      setRequests((before) => [...before, made].slice(-60));
    }
    setMembers(await client.number('ZCARD', KEY));
    client.close();
  };
  const last = requests.at(-1);
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => start(() => request(1))}>
          Request
        </Button>
        <Button busy={busy} onClick={() => start(() => request(limit * 2))}>
          {limit * 2} at once
        </Button>
        <Button
          icon="clock"
          busy={busy}
          onClick={() => start(() => stage.advance((1000 * windowS) / 2))}
        >
          {windowS / 2}&#8239;s later
        </Button>
        {member === 'both' && (
          <Checkbox
            label="members are unique"
            checked={unique}
            onChange={() => setUnique(!unique)}
          />
        )}
      </Controls>
      <Problem text={problem} />
      <WindowLine stage={stage} requests={requests} windowS={windowS} />
      <p role="status" className="text-ui tabular-nums">
        {last
          ? `${last.allowed ? 'Allowed' : 'Refused'}, ${last.remaining} remaining. ZCARD answers ${members}, the limit is ${limit}.`
          : `At most ${limit} requests within ${windowS} s.`}
      </p>
      <Disclosure summary="The script">
        <pre className="term rounded bg-raised px-3 py-2">{scriptOf(unique)}</pre>
      </Disclosure>
    </div>
  );
}

type WindowLineProps = { stage: Stage; requests: readonly Request[]; windowS: number };

/** The last two windows; what has left the newer one no longer counts. */
function WindowLine({ stage, requests, windowS }: WindowLineProps) {
  const now = useLabTime(stage, requests.length > 0);
  const span = 2000 * windowS;
  const shown = requests.filter(({ at }) => at > now - span);
  return (
    <div aria-hidden="true" className="relative h-14 overflow-hidden rounded border border-border">
      <span className="absolute inset-y-0 right-0 w-1/2 bg-accent-soft" />
      <span className="absolute top-1 right-1 text-tiny text-ink-2">now</span>
      <span className="absolute top-1 left-1/2 ml-1 text-tiny text-ink-2">{windowS} s ago</span>
      {shown.map(({ at, allowed }, index) => (
        <span
          key={index}
          className={allowed ? 'text-ok' : 'text-bad'}
          style={{
            position: 'absolute',
            // What came at the same moment stands side by side.
            left: `calc(${100 * (1 - (now - at) / span)}% + ${0.6 * rankOf(shown, index)}rem)`,
            top: allowed ? '1.4rem' : '2.3rem',
          }}
        >
          {allowed ? '●' : '×'}
        </span>
      ))}
    </div>
  );
}

const rankOf = (requests: readonly Request[], index: number): number => {
  const { at, allowed } = requests[index] as Request;
  const earlier = requests.slice(0, index);
  return earlier.filter((other) => other.allowed === allowed && at - other.at < 200).length;
};

function useLabTime(stage: Stage, on: boolean): number {
  const [now, setNow] = useState(stage.now);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setNow(stage.now()), 200);
    return () => clearInterval(timer);
  }, [stage, on]);
  return now;
}

const KEY = 'limit:ada';

/** Window in seconds, limit, and the time: whole seconds where these are the members too. */
function args({ windowS, limit }: Parameters, stage: Stage): string[] {
  return [String(windowS), String(limit), String(stage.now() / 1000)];
}

const scriptOf = (unique: boolean): string => `local window = tonumber(ARGV[1])
local limit = tonumber(ARGV[2])
local now = tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - window)
local count = redis.call('ZCARD', KEYS[1])
if count >= limit then
  return {0, 0}
end
${
  unique
    ? "local id = redis.call('INCR', KEYS[1] .. ':id')\nredis.call('ZADD', KEYS[1], now, id)"
    : "redis.call('ZADD', KEYS[1], now, math.floor(now))"
}
redis.call('EXPIRE', KEYS[1], window)
return {1, limit - count - 1}`;
