/** The demo widgets by name; each is fetched when it is first shown. See README.md. */
import type { ComponentType } from 'react';

export const demoViews: Readonly<
  Record<string, ComponentType<{ parameters: Readonly<Record<string, unknown>> }>>
> = {};
