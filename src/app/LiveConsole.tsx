/** Placeholder until src/console has its view: shows the first command, runs nothing. */
export default function LiveConsole({ firstCommand }: { firstCommand: string }) {
  return (
    <p className="term px-edge py-3">
      <span className="term-prompt">127.0.0.1:6379&gt; </span>
      <span className="term-command">{firstCommand}</span>
    </p>
  );
}
