import { defineConfig } from 'vitest/config';

/** Two sets of tests: the project's own, and (`--mode package`) those of the packaged stack, which must be made first. */
export default defineConfig(({ mode }) => {
  const isPackage = mode === 'package';
  return {
    test: {
      include: [isPackage ? 'test/package/**/*.test.ts' : 'test/**/*.test.ts'],
      exclude: isPackage ? [] : ['test/package/**'],
      // Z3 takes 2 GiB of reserved (not resident) memory a process; forks keep one test file's solver from another's.
      pool: 'forks',
      // Stryker runs the tests once per change; loading them file by file would take longer than running them.
      isolate: process.env['STRYKER_MUTATOR_WORKER'] === undefined,
      maxWorkers: isPackage ? 1 : 2,
      testTimeout: 180_000,
      hookTimeout: 120_000,
    },
  };
});
