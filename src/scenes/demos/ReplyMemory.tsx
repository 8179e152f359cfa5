/** What waits in client and server while a batch is under way: all its requests, all its replies. */
import { encodeCommand, encodeReply } from '../../engine/resp/encode.ts';
import { Button } from '../../ui/Button.tsx';
import { bytesInWords, groups } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useSeries, useStage } from './use-stage.tsx';

export default function ReplyMemory({ parameters }: { parameters: ParametersOf<'reply-memory'> }) {
  const { valueBytes, batches } = parameters;
  const stage = useStage();
  const measure = (batch: number) => waitingBytes(stage, batch, valueBytes);
  const { values: sizes, busy, problem, run } = useSeries(batches, measure);
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={run}>
          Read in batches
        </Button>
        <span className="text-ui text-ink-2">
          <code>GET</code> of a value of {bytesInWords(valueBytes)}
        </span>
      </Controls>
      <Problem text={problem} />
      <Bars
        caption="Bytes that wait, by batch size"
        heads={['Commands in a batch', 'Bytes that wait']}
        logarithmic
        bars={batches.map((batch, index) => ({
          label: groups(batch),
          value: sizes[index],
          text: sizes[index] === undefined ? '–' : bytesInWords(sizes[index]),
        }))}
      />
      <p className="text-small text-ink-2">Each bar is drawn on a scale of factors, not amounts.</p>
      <MeasuredHere>
        The replies lie in the server’s output buffer until the client takes them, and then in the
        client until the last one is there.
      </MeasuredHere>
    </div>
  );
}

/** The bytes of a batch and of all its replies. */
async function waitingBytes(stage: Stage, batch: number, valueBytes: number): Promise<number> {
  const client = stage.client();
  await client.ask('SET', 'page', 'x'.repeat(valueBytes));
  const command = ['GET', 'page'];
  const replies = await client.connection.pipeline(Array.from({ length: batch }, () => command));
  client.close();
  const requests = batch * encodeCommand(command).length;
  return replies.reduce<number>((sum, reply) => sum + encodeReply(reply, 2).length, requests);
}
