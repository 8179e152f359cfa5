/** The three states that are not content. Each has a sentence and an action. */
import { Component, type ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';

export type EmptyStateProps = {
  /** One sentence: what would be here, and why it is not. */
  text: string;
  action?: ReactNode;
};

export function EmptyState({ text, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-start gap-3 p-4 font-sans text-ui text-ink-2">
      <p className="max-w-measure">{text}</p>
      {action}
    </div>
  );
}

export type ErrorStateProps = {
  /** What happened. */
  title: string;
  /** Where, and what to do. */
  text: string;
  /** The error's own words, folded away. */
  detail?: string | undefined;
  action?: ReactNode;
};

export function ErrorState({ title, text, detail, action }: ErrorStateProps) {
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-2 border-l-2 border-bad p-4 font-sans text-ui"
    >
      <p className="flex items-center gap-2 font-semibold text-bad">
        <Icon name="warning" />
        {title}
      </p>
      <p className="max-w-measure">{text}</p>
      {detail && (
        <details className="max-w-full text-ink-2">
          <summary>What the program said</summary>
          <pre className="term mt-1">{detail}</pre>
        </details>
      )}
      {action}
    </div>
  );
}

type BoundaryProps = { children: ReactNode; what: string; onRetry?: (() => void) | undefined };

/** Keeps a failure to the part in which it happened and offers to try again. */
export class ErrorBoundary extends Component<BoundaryProps, { error?: Error | undefined }> {
  override state: { error?: Error | undefined } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const retry = () => {
      this.props.onRetry?.();
      this.setState({ error: undefined });
    };
    return (
      <ErrorState
        title={`${this.props.what} could not be shown`}
        text="The rest of the page still works. Try again, or reload if a newer version of the page was published meanwhile."
        detail={error.message}
        action={
          <div className="flex gap-2">
            <Button onClick={retry}>Try again</Button>
            <Button variant="quiet" onClick={() => location.reload()}>
              Reload the page
            </Button>
          </div>
        }
      />
    );
  }
}
