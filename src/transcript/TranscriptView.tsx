/**
 * A transcript as it is read: commands before it has run, and under each what it printed once it
 * has. With several clients, each has its own rule and name.
 */
import { type ReactNode, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/Icon.tsx';
import { clientsIn, directiveInWords, layOut, type Part } from './layout.ts';
import { spellOut } from './ranges.ts';
import { tokenizeCommand, tokenizeReply } from './tokens.ts';
import type { CommandStep, Outcome, PipelineStep, Step } from './transcript.ts';

export type TranscriptViewProps = {
  /** A transcript; the replies that it records are not shown. */
  source: string;
  /** What each step printed, as far as it has run. */
  outcomes?: readonly Outcome[] | undefined;
  /** The steps that are left are under way. */
  running?: boolean | undefined;
};

export function TranscriptView({ source, outcomes = [], running }: TranscriptViewProps) {
  const parts = layOut(source);
  const clients = clientsIn(parts);
  return (
    <div className="term">
      {parts.map((part) => (
        <PartView
          key={part.kind === 'step' ? part.step.line : part.line}
          part={part}
          clients={clients}
          outcomes={outcomes}
          running={running === true}
        />
      ))}
    </div>
  );
}

type PartProps = {
  part: Part;
  clients: readonly string[];
  outcomes: readonly Outcome[];
  running: boolean;
};

function PartView({ part, clients, outcomes, running }: PartProps) {
  if (part.kind === 'gap') return <div className="h-[0.775em]" />;
  if (part.kind === 'remark') return <div className="t-comment">{part.text}</div>;
  const { step, index } = part;
  return (
    <>
      <StepView step={step} clients={clients} />
      <OutcomeView
        outcome={outcomes[index]}
        client={step.kind === 'directive' ? undefined : step.client}
        clients={clients}
        waiting={running && index === outcomes.length}
      />
    </>
  );
}

function StepView({ step, clients }: { step: Step; clients: readonly string[] }) {
  switch (step.kind) {
    case 'directive':
      return (
        <div className="flex items-center gap-2 py-1 font-sans text-small text-ink-2">
          <Icon name={step.directive.name === 'advance' ? 'clock' : 'info'} />
          {directiveInWords(step.directive)}
        </div>
      );
    case 'command':
      return (
        <Lane client={step.client} clients={clients}>
          <CommandRow step={step} command={step.command} />
        </Lane>
      );
    case 'pipeline':
      return (
        <Lane client={step.client} clients={clients}>
          <div className="font-sans text-small text-ink-2">
            {step.commands.flatMap(spellOut).length} commands in one write
          </div>
          {step.commands.map((command, index) => (
            <CommandRow key={index} step={step} command={command} />
          ))}
        </Lane>
      );
  }
}

function CommandRow({ step, command }: { step: CommandStep | PipelineStep; command: string }) {
  return (
    <div className="transcript-row term-command">
      <span className="t-prompt">{`${step.client}> `}</span>
      <code className="[font:inherit]">
        {tokenizeCommand(command).map(({ kind, text }, index) => (
          <span key={index} className={kind === 'space' ? undefined : `t-${kind}`}>
            {text}
          </span>
        ))}
      </code>
    </div>
  );
}

type OutcomeProps = {
  outcome: Outcome | undefined;
  client: string | undefined;
  clients: readonly string[];
  waiting: boolean;
};

function OutcomeView({ outcome, client, clients, waiting }: OutcomeProps) {
  if (!outcome) {
    if (!waiting || client === undefined) return null;
    return (
      <Lane client={client} clients={clients}>
        <span className="term-note">running</span>
      </Lane>
    );
  }
  return (
    <>
      {client !== undefined && outcome.reply !== '' && (
        <Lane client={client} clients={clients}>
          {outcome.reply === undefined ? (
            <span className="term-note">waits</span>
          ) : (
            <ReplyText text={outcome.reply} />
          )}
        </Lane>
      )}
      {outcome.arrivals.map((arrival, index) => (
        <Lane key={index} client={arrival.client} clients={clients}>
          <div className="transcript-row">
            <span className="t-prompt">
              <span className="sr-only">arrives at </span>
              {`${arrival.client}< `}
            </span>
            <ReplyText text={arrival.text} />
          </div>
        </Lane>
      ))}
    </>
  );
}

/** With one client there is nothing to tell apart. */
function Lane(props: { client: string; clients: readonly string[]; children: ReactNode }) {
  const { client, clients, children } = props;
  if (clients.length < 2) return children;
  const place = clients.indexOf(client);
  return (
    <div className="transcript-client" data-client={place > 0 ? ((place - 1) % 4) + 1 : undefined}>
      {children}
    </div>
  );
}

/** After so many lines a reply is folded. */
const LONGEST = 24;

/** What was printed: in the second ink, errors as such. */
export function ReplyText({ text, limit = LONGEST }: { text: string; limit?: number }) {
  const [whole, setWhole] = useState(false);
  const lines = text.split('\n');
  const folded = !whole && lines.length > limit + 1;
  const shown = folded ? lines.slice(0, limit) : lines;
  return (
    <div className="term-reply">
      {shown.map((line, index) => (
        <ReplyLine key={index} line={line} />
      ))}
      {folded && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="min-h-target font-sans text-ui text-ink underline"
        >
          Show {lines.length - limit} more lines
        </button>
      )}
    </div>
  );
}

function ReplyLine({ line }: { line: string }) {
  return (
    <div className={cx('min-h-[1.55em]', /\S{30}/.test(line) && 'break-all')}>
      {tokenizeReply(line).map(({ kind, text }, index) => (
        <span key={index} className={cx(kind === 'error' && 't-error')}>
          {text}
        </span>
      ))}
    </div>
  );
}
