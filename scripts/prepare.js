/**
 * What npm runs after an installation, and before it links the command: the build, if its tools are there.
 * JavaScript, because npm may run it under a Node that knows no TypeScript, before anything is installed.
 */
import { existsSync } from 'node:fs';

if (existsSync(new URL('../node_modules/esbuild', import.meta.url))) await import('./build.ts');
else
  process.stderr.write(
    'ratchet: not built, since its development packages are not installed; run `npm ci`\n',
  );
