/** How long Linux tries to connect to a host that does not answer, in ms: six tries more. */
export const CONNECT_TIMEOUT_MS = 127_000;
