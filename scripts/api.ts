/**
 * The library's reference, made from its declarations: what `tsc` writes is regular (everything of a module's top level
 * begins in the first column), so a few patterns read it. Only `export { … } from` and declarations are known.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One export: its name, its docstring as plain text and its declaration as TypeScript. */
export type ApiEntry = {
  readonly kind: 'function' | 'type';
  readonly name: string;
  readonly comment: string;
  readonly declaration: string;
};

const root = fileURLToPath(new URL('..', import.meta.url));

const REEXPORT = /^export (?:type )?\{ (?<names>[^}]*) \} from '(?<from>[^']+)';$/gmu;
/** A declaration ends with the first semicolon at the end of a line that is neither a member nor of a comment. */
const DECLARATION =
  /(?:^\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n)?^export (?:declare )?(?<text>(?<kind>function|type) (?<name>\w+)(?:.*;$|[\s\S]*?^(?! {4}| \*).*;$))/gmu;

/** Returns the exports of the library's entry, in its order; re-exported ones first. Runs the compiler. */
export function readApi(): ApiEntry[] {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-api-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', 'scripts/library.tsconfig.json', '--outDir', folder], {
      cwd: root,
    });
    return exportsOf(join(folder, 'index.d.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function exportsOf(file: string): ApiEntry[] {
  const text = readFileSync(file, 'utf8');
  const named = [...text.matchAll(REEXPORT)].flatMap(({ groups: { names = '', from = '' } = {} }) => {
    const there = exportsOf(join(dirname(file), from.replace(/\.ts$/u, '.d.ts')));
    return Array.from(
      names.matchAll(/(?:type )?(\w+)(?: as (\w+))?/gu),
      ([, original = '', name = original]) => {
        const entry = there.find((one) => one.name === original);
        if (entry === undefined)
          throw new Error(`${file}: \`${original}\` is not declared in ${from}; export it there`);
        return { ...entry, name, declaration: entry.declaration.replace(original, name) };
      },
    );
  });
  const own = [...text.matchAll(DECLARATION)].map(
    ({ groups: { comment = '', text: declaration = '', kind = '', name = '' } = {} }) => ({
      kind: kind === 'function' ? ('function' as const) : ('type' as const),
      name,
      comment: comment.replace(/^\s*\* ?/gmu, '').trim(),
      declaration: declaration.replace(/ +$/gmu, ''),
    }),
  );
  return [...named, ...own];
}

/** Returns the page of the entries: functions, then types, each with its docstring and its declaration. */
export function renderApi(entries: readonly ApiEntry[]): string {
  const section = (title: string, kind: ApiEntry['kind']) => [
    `## ${title}`,
    ...entries
      .filter((entry) => entry.kind === kind)
      .map(
        ({ name, comment, declaration }) => `### ${name}\n\n${comment}\n\n\`\`\`ts\n${declaration}\n\`\`\``,
      ),
  ];
  return `${[
    '# Exports of the library',
    'Made from the sources by `npm run generate`. How to use them: [library.md](library.md).',
    ...section('Functions', 'function'),
    ...section('Types', 'type'),
  ].join('\n\n')}\n`;
}
