/** That every dependency is accounted for: named once, with the licence it has. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  [kind in 'dependencies' | 'devDependencies']: { [name: string]: string };
};
/** The Node of the functions is a workspace's, so that whoever installs the package does not get it. */
const testNode = JSON.parse(readFileSync(join(root, 'test/package.json'), 'utf8')) as {
  optionalDependencies: { [name: string]: string };
};

type Row = { readonly names: readonly string[]; readonly cells: readonly string[] };

/** Rows of the tables below a heading of ARCHITECTURE, each with the packages of its first cell. */
function rowsBelow(heading: string): Row[] {
  const [, text = ''] = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split(heading);
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, first = '', ...cells]) => ({
      names: [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
      cells: cells.slice(0, -1),
    }));
}

const shipped =
  rowsBelow('What is deployed or installed:').length - rowsBelow('What builds and tests it:').length;
const rows = rowsBelow('\n## Dependencies\n');
const namesIn = (some: readonly Row[]) => some.flatMap(({ names }) => names).sort();

describe('the tables of dependencies', () => {
  it('name every dependency once', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...testNode.optionalDependencies };

    expect(namesIn(rows)).toEqual(Object.keys(all).sort());
  });

  it('name as deployed or installed exactly what the sources of the product import', () => {
    const imported = ['shared', 'cli', 'functions']
      .flatMap((room) => filesIn(room))
      .flatMap((file) => [
        ...textOf(file).matchAll(/(?:from |import\()'((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'/g),
      ])
      .map(([, name = '']) => name)
      // Types alone.
      .filter((name) => !['aws-lambda', '@slack/types'].includes(name));

    expect(namesIn(rows.slice(0, shipped))).toEqual([...new Set(imported)].sort());
  });

  it('leave whoever installs the package with the one dependency that cannot be bundled', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['z3-solver']);
    expect(manifest).not.toHaveProperty('optionalDependencies');
  });

  it('say of each what it is for, its licence, its size and why this one', () => {
    const short = rows.filter(({ cells }) => cells.length !== 4 || cells.some((cell) => cell === ''));

    expect(short).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
  });

  it('tell each licence as the package does', () => {
    const wrong = rows.flatMap(({ names, cells: [, licence] }) =>
      names
        .map((name) => ({ name, path: join(root, 'node_modules', name, 'package.json') }))
        // Of the optional ones only that of this processor is installed.
        .filter(({ path }) => existsSync(path))
        .map(({ name, path }) => ({
          name,
          licence,
          told: (JSON.parse(readFileSync(path, 'utf8')) as { license: string }).license,
        }))
        .filter(({ told }) => told !== licence),
    );

    expect(wrong).toEqual([]);
  });

  it('pin every version, so that what was tried is what is installed', () => {
    const versions = Object.values(manifest.dependencies).concat(Object.values(manifest.devDependencies));

    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});
