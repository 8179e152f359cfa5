/** Where a Node program finds itself. */
export const HOME = '/home/learner';
export const FILE = `${HOME}/example.js`;
