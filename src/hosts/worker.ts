/// <reference lib="webworker" />
import type { FromWorker, ToWorker } from '../wire/messages.ts';
import { LabHost } from './lab-host.ts';
import { luaFromNetwork } from './lua-fetch.ts';

/** Web Worker entry: a data centre behind messages. See `wire/messages.ts` for what crosses. */

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const host = new LabHost((message) => scope.postMessage(message), luaFromNetwork());
scope.onmessage = ({ data }) => host.receive(data);
