import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The packaged stack has its own command.
    exclude: ['test/package/**'],
    // Z3 takes 2 GiB of reserved (not resident) memory a process; forks keep one test file's solver from another's.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
