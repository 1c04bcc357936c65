export default {
  testEnvironment: '<rootDir>/test/support/jest/environment.cjs',
  runtime: '<rootDir>/test/support/jest/runtime.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  maxWorkers: 2,
  // A worker that has grown is replaced after its test file: machines with little memory run the tests too.
  workerIdleMemoryLimit: '1500MB',
  // For a test that hangs. It is longer than any wait in a test (test/support/wait-for.ts), also on a busy machine.
  testTimeout: 600_000,
};
