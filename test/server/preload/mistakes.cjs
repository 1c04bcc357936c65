/** Preloaded into the program under test: makes a mistake of ours when it is told to, with something secret in it. */
const secret = () =>
  Object.assign(new Error('CANARY-message'), { cause: 'CANARY-cause', token: 'CANARY-token' });

const mistakes = {
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
  setImmediate(mistakes[process.env.TEST_MISTAKE]);
});
