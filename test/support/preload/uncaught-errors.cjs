/** Preloaded into the program under test: on SIGUSR2 it throws an uncaught error that holds secrets. */
const secret = () =>
  Object.assign(new Error('CANARY-message'), { cause: 'CANARY-cause', token: 'CANARY-token' });

const failures = {
  throw: () => {
    throw secret();
  },
  'throw no error': () => {
    throw 'CANARY-text';
  },
  reject: () => {
    void Promise.reject(secret());
  },
  'reject with no error': () => {
    void Promise.reject({ token: 'CANARY-token' });
  },
  'throw a message that looks like a stack': () => {
    throw new Error('CANARY-message\n    at CANARY-place (CANARY.js:1:1)');
  },
};
process.on('SIGUSR2', () => {
  setImmediate(failures[process.env.TEST_UNCAUGHT_ERROR]);
});
