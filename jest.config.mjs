export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  // Suites that need a machine of their own; `npm run test:more` runs them.
  testPathIgnorePatterns: process.env.ROLLCALL_TEST_MORE
    ? ['/node_modules/']
    : [
        '/node_modules/',
        'faults/(credentials|matrix-hosts|matrix-one|matrix-lists|neighbours|sharing|cancel|memory|throttling)\\.test',
        'invites/(actions|caller-gone|outcomes|outcomes-contract|unreachable|parallel|rules)\\.test',
        'crash/once\\.test',
        'ledger/(attempts|full|lost-note|broken)\\.test',
      ],
  maxWorkers: 2,
  // A machine that does other things besides is slow, not wrong.
  testTimeout: 30_000,
};
