/**
 * `node scripts/release.ts TAG`: says whether the checkout may be published under a tag, before npm is asked to. Run by
 * the release workflow; ends with status 1 and one line a problem where it may not.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a release is made of. */
export type Release = {
  readonly tag: string;
  readonly manifest: { readonly version: string; readonly repository?: unknown };
  readonly changelog: string;
  /** Paths in the tarball, as `npm pack` lists them. */
  readonly files: readonly string[];
};

/** What stands at the top of a package's folders, and without which it would not run. */
const ROOTS =
  /^(?:dist\/|cli\/sample-trail\/|(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|cli\/ratchet\.js)$)/;
const NEEDED = ['cli/ratchet.js', 'dist/main.js', 'dist/index.js', 'dist/types/index.d.ts', 'LICENSE'];

/** Returns what keeps a release from being published, one sentence each; none iff it may be. */
export function problemsOf({ tag, manifest, changelog, files }: Release): string[] {
  const { version, repository } = manifest;
  const problems: string[] = [];
  if (tag !== `v${version}`) problems.push(`tag ${tag} is not v${version}, the version in package.json`);
  // Provenance names the repository, and npm refuses a package that claims another or none.
  if (repository === undefined) problems.push('package.json names no repository, which provenance needs');
  if (!changelog.split('\n').some((line) => line.startsWith(`## ${version}`)))
    problems.push(`CHANGELOG.md has no heading for ${version}`);
  for (const needed of NEEDED) if (!files.includes(needed)) problems.push(`the package lacks ${needed}`);
  for (const file of files)
    if (!ROOTS.test(file)) problems.push(`the package holds ${file}, which nobody needs`);
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  const packed: readonly { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
  );
  const problems = problemsOf({
    tag: process.argv[2] ?? '(none given)',
    manifest: JSON.parse(read('package.json')),
    changelog: read('CHANGELOG.md'),
    files: packed.flatMap(({ files }) => files.map(({ path }) => path)),
  });
  for (const problem of problems) process.stderr.write(`release: ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
