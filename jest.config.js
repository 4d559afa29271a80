/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/schema',
    '<rootDir>/gateway',
    '<rootDir>/subgraphs',
    '<rootDir>/sandbox',
    '<rootDir>/scripts',
    '<rootDir>/test',
  ],
  testMatch: ['**/*.test.ts'],
  // npm run test:nats (jest.nats.config.js).
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/nats/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  // The embedded database without initdb's seconds.
  moduleNameMapper: { '^@electric-sql/pglite$': '<rootDir>/test/support/preparedPglite.ts' },
  globalSetup: '<rootDir>/test/unpackBrowser.js',
  testSequencer: '<rootDir>/test/longestFirst.js',
  testTimeout: 60_000,
  maxWorkers: 2,
  // Modules and embedded databases of a file that has ended stay in the worker: past this it begins anew rather than collect garbage.
  workerIdleMemoryLimit: '1200MB',
};
