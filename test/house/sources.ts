/** The project's own files, and what they import and export, as the rules of the house look at them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Returns every file of that ending (TypeScript's, if none is given) below the folder, by its path from the root. */
export function filesIn(folder: string, ending = '.ts'): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Returns the text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Returns the modules that a file imports, types too: own ones by their path from the root, others by name. */
export function importsOf(file: string): string[] {
  const pattern = /(?:^(?:import|export)\s(?:type\s)?[^'"`;]*?from\s*|\bimport\()'([^']+)'/gm;
  return [...textOf(file).matchAll(pattern)].map(([, name = '']) =>
    name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name,
  );
}

/** Returns the names that a file takes from each of its own modules: what stands in braces, or all words where it takes the whole. */
export function namesTaken(file: string): (readonly [target: string, names: ReadonlySet<string>])[] {
  const text = textOf(file);
  const words = new Set(text.match(/\b\w+\b/g));
  const pattern = /(?:^(?:import|export)\s(?:type\s)?([^'"`;]*?)\sfrom\s*|\bimport\()'(\.[^']+)'/gm;
  return [...text.matchAll(pattern)].map(([, clause, name = '']) => {
    const inBraces = /^\{([^}]*)\}$/.exec(clause?.trim() ?? '')?.[1];
    const taken = inBraces?.split(',').map((one) =>
      one
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*$/, ''),
    );
    return [relative(root, join(root, dirname(file), name)), taken === undefined ? words : new Set(taken)];
  });
}

/** Returns the rooms of ARCHITECTURE.md's code map, in its order: each may use those before it. */
export function roomsInOrder(): string[] {
  const [, map = ''] = textOf('ARCHITECTURE.md').split('## Code map\n');
  const [table = ''] = map.split('\nImports');
  const cells = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([\w/]+)\/`/g)].map(([, room = '']) => room));
}
