/** Buying with WATCH: a rival writes between reading and EXEC as often as the reader likes. */
import { useState } from 'react';
import { TranscriptView } from '../../transcript/TranscriptView.tsx';
import type { Outcome } from '../../transcript/transcript.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Fields.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'optimistic-lock'>;

const BALANCE = 'balance:ada';
const BOUGHT = 'purchases:ada';

interface Purchase {
  readonly rows: readonly string[];
  readonly replies: readonly string[];
  readonly end: string;
}

export default function OptimisticLock({ parameters }: { parameters: Parameters }) {
  const stage = useStage();
  const [rivals, setRivals] = useState(1);
  const [refund, setRefund] = useState(true);
  const [purchase, setPurchase] = useState<Purchase>();
  const { busy, problem, start } = useTask();
  const run = () =>
    start(async () => setPurchase(await buy(stage, parameters, rivals, refund ? 1 : -1)));
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="play" busy={busy} onClick={run}>
          Buy for {parameters.price}
        </Button>
        <label className="flex items-center gap-2 text-ui">
          The rival writes in between
          <input
            type="number"
            min={0}
            max={20}
            value={rivals}
            onChange={({ target }) => setRivals(Math.max(0, target.valueAsNumber || 0))}
            className="min-h-target w-16 rounded border border-border bg-paper px-2 text-field tabular-nums"
          />
          {rivals === 1 ? 'time' : 'times'}
        </label>
        <Checkbox
          label="and adds to the balance"
          checked={refund}
          onChange={() => setRefund(!refund)}
        />
      </Controls>
      <Problem text={problem} />
      {purchase && (
        <>
          <div className="max-h-96 overflow-y-auto rounded border border-border px-3 py-2.5">
            <TranscriptView
              source={purchase.rows.join('\n')}
              outcomes={purchase.replies.map((reply): Outcome => ({ reply, arrivals: [] }))}
            />
          </div>
          <p role="status" className="text-ui font-semibold">
            {purchase.end}
          </p>
        </>
      )}
    </div>
  );
}

/** What was sent and answered, as a transcript. */
class Minutes {
  readonly rows: string[] = [];
  readonly replies: string[] = [];

  async run(client: DemoClient, name: string, line: string): Promise<string> {
    const reply = await client.run(line);
    this.rows.push(`${name}> ${line}`);
    this.replies.push(reply);
    return reply;
  }
}

async function buy(
  stage: Stage,
  { balance, price, tries }: Parameters,
  rivals: number,
  sign: 1 | -1,
): Promise<Purchase> {
  await stage.empty();
  const [buyer, rival] = [stage.client(), stage.client()];
  const record = new Minutes();
  await buyer.run(`SET ${BALANCE} ${balance}`);
  const end = await attempts(record, { buyer, rival, price, tries, rivals, sign });
  buyer.close();
  rival.close();
  return { ...record, end };
}

interface Race {
  readonly buyer: DemoClient;
  readonly rival: DemoClient;
  readonly price: number;
  readonly tries: number;
  readonly rivals: number;
  readonly sign: 1 | -1;
}

async function attempts(record: Minutes, race: Race): Promise<string> {
  const { buyer, rival, price, tries, rivals, sign } = race;
  for (let n = 1; n <= tries; n++) {
    await record.run(buyer, '', `WATCH ${BALANCE}`);
    const text = await record.run(buyer, '', `GET ${BALANCE}`);
    const has = Number(text.replaceAll('"', ''));
    if (has < price) {
      await record.run(buyer, '', 'UNWATCH');
      return `Not bought: ${has} is less than ${price}. Nothing was written.`;
    }
    if (n <= rivals) await record.run(rival, 'rival', `INCRBY ${BALANCE} ${sign * 50}`);
    await record.run(buyer, '', 'MULTI');
    await record.run(buyer, '', `DECRBY ${BALANCE} ${price}`);
    await record.run(buyer, '', `INCR ${BOUGHT}`);
    if ((await record.run(buyer, '', 'EXEC')) !== '(nil)') {
      return n === 1 ? 'Bought at the first try.' : `Bought at try ${n}, after ${n - 1} nil.`;
    }
  }
  return `Given up after ${tries} tries, each of which ended in nil.`;
}
