import { defineConfig } from 'vitest/config';

/** The packaged stack: needs `npm run package` first, which `npm run test:package` does. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
