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
  'throw with a name of its own': () => {
    throw Object.assign(secret(), { stack: 'CANARY-stack\n    at CANARY-place (file.js:1:1)' });
  },
};
process.on('SIGUSR2', () => {
  setImmediate(mistakes[process.env.TEST_MISTAKE]);
});
