/**
 * Cross-origin isolation. Browsers give SharedArrayBuffer, hence Python that blocks, only to a page
 * that is served with these headers; a host that cannot send them is helped by the service worker.
 * https://developer.mozilla.org/en-US/docs/Web/API/Window/crossOriginIsolated
 */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
