/** A copy of the checkout whose code can be changed and run without harm. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'shared',
  'functions',
  'infra',
  'scripts',
  'cli',
  'test',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'serverless.yml',
];

/** One text of one file becomes another. */
export type Exchange = { readonly file: string; readonly from: string; readonly to: string };

export type Copy = {
  readonly directory: string;
  /** Returns what `run` gives while the exchange is made. Throws unless the text is there exactly once. */
  changed<Value>(exchange: Exchange, run: (directory: string) => Promise<Value>): Promise<Value>;
  remove(): void;
};

/** Returns a fresh copy. */
export function createCopy(): Copy {
  const directory = mkdtempSync(join(tmpdir(), 'ratchet-mutation-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(directory, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return {
    directory,
    async changed({ file, from, to }, run) {
      const place = join(directory, file);
      const text = readFileSync(place, 'utf8');
      const count = text.split(from).length - 1;
      if (count !== 1) throw new Error(`\`${file}\` holds ${count} times what is to be changed: ${from}`);
      writeFileSync(
        place,
        text.replace(from, () => to),
      );
      try {
        return await run(directory);
      } finally {
        writeFileSync(place, text);
      }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
