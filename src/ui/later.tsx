/** Components whose code is fetched when they are first shown. */
import { type ComponentType, type FunctionComponent, use } from 'react';

/**
 * Like React.lazy, but a failed fetch is not remembered: shown again, as an ErrorBoundary's "Try
 * again" does, it is fetched again. Needs a Suspense above it.
 */
export function later<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): FunctionComponent<Props> {
  let loading: ReturnType<typeof load> | undefined;
  return function Later(props: Props) {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const { default: Loaded } = use(loading);
    return <Loaded {...props} />;
  };
}
