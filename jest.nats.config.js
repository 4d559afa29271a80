import base from './jest.config.js';

/** What runs on both ways of jobs, on the second one (npm run test:nats starts the broker), and what is about that way alone. */
const onBothWays = ['jobQueue', 'moveRegister', 'deliverer', 'cancelMeetsAttempt'];

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: [
    ...onBothWays.map((name) => `<rootDir>/test/gateway/moves/${name}.test.ts`),
    '<rootDir>/test/journeys/moves.test.ts',
    '<rootDir>/test/nats/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
};
