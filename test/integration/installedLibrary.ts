/** A project of somebody else's that has the built package installed. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the package before the tests of the file; `run` writes a file of the project, runs it and returns what it printed. */
export function installedLibrary(): { readonly folder: string; run(file: string, text: string): string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ratchet-library-')));
  beforeAll(() => {
    const modules = join(folder, 'node_modules');
    const installed = join(modules, 'iam-ratchet');
    mkdirSync(installed, { recursive: true });
    // The build puts itself in place by a rename, which does not reach another file system.
    const dist = join(root, `node_modules/.cache/ratchet-library-${process.pid}`);
    execFileSync(process.execPath, [join(root, 'scripts/build.ts'), dist], { stdio: 'pipe' });
    cpSync(dist, join(installed, 'dist'), { recursive: true });
    rmSync(dist, { recursive: true });
    copyFileSync(join(root, 'package.json'), join(installed, 'package.json'));
    // Its one dependency that the bundle leaves out.
    symlinkSync(join(root, 'node_modules/z3-solver'), join(modules, 'z3-solver'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    run(file, text) {
      writeFileSync(join(folder, file), text);
      return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
    },
  };
}
