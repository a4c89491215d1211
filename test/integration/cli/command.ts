/** The built command as a user meets it: a process with arguments, standard streams and a status. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Outcome = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

export type RunOptions = {
  readonly stdin?: string | Uint8Array;
  readonly env?: { readonly [name: string]: string };
  /** Instead of `folder`. */
  readonly cwd?: string;
  /** Reads so many bytes of standard output, then goes away. */
  readonly hangUpAfterBytes?: number;
};

/** Builds the command before the tests of the file; `run` starts it. Paths are relative to `folder`, which is emptied after. */
export function builtCommand(): {
  readonly folder: string;
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
} {
  // Beside the modules that the bundle leaves out.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'ratchet-cli-'));
  const launcher = join(folder, 'cli', 'ratchet.js');
  beforeAll(() => {
    execFileSync(process.execPath, [join(root, 'scripts', 'build.ts'), join(folder, 'dist')], {
      stdio: 'pipe',
    });
    // The launcher looks for what was built beside its own folder.
    mkdirSync(join(folder, 'cli'));
    copyFileSync(join(root, 'cli', 'ratchet.js'), launcher);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    run: (args, options = {}) => run([launcher, ...args], options.cwd ?? folder, options),
  };
}

function run(
  args: string[],
  cwd: string,
  { stdin = '', env, hangUpAfterBytes }: RunOptions,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // What runs the tests may force colour.
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, FORCE_COLOR: undefined, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (hangUpAfterBytes !== undefined && stdout.length >= hangUpAfterBytes) child.stdout.destroy();
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    // The command may end before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
