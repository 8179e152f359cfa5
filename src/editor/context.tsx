/** Hands every editor the server that helps with typing; without one there are no suggestions. */
import { createContext } from 'react';
import type { LoadHelp } from './help.ts';

export const EditorHelpContext = createContext<LoadHelp | undefined>(undefined);
