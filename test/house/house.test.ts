/** Rules of the house that no compiler knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Every TypeScript file below the folder, by its path from the root. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** The modules a file imports: own ones by their path from the root, others by name. Types are named apart. */
function importsOf(file: string): { readonly target: string; readonly typesOnly: boolean }[] {
  const pattern = /(?:^(import|export)\s(type\s)?[^'"`;]*?from\s*|\bimport\()'([^']+)'/gm;
  return [...textOf(file).matchAll(pattern)].map(([, , types, name = '']) => ({
    target: name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name,
    typesOnly: types !== undefined,
  }));
}

/** Each room and the rooms whose code it may use, beside its own. */
const ROOMS: { readonly [room: string]: readonly string[] } = {
  'shared/policy': [],
  'shared/formula': ['shared/policy'],
  'shared/evaluator': ['shared/policy'],
  'shared/encoder': ['shared/policy', 'shared/formula'],
  'shared/solver': ['shared/policy', 'shared/formula'],
  'shared/reference': ['shared/policy', 'shared/formula'],
  'shared/checks': [
    'shared/policy',
    'shared/formula',
    'shared/evaluator',
    'shared/encoder',
    'shared/solver',
    'shared/reference',
  ],
  'shared/changes': ['shared/policy', 'shared/checks', 'shared/targets'],
};

const engineRooms = Object.entries(ROOMS).flatMap(([room, allowed]) =>
  filesIn(room).map((file) => ({ file, room, allowed })),
);
const shared = filesIn('shared');
const outerRooms = ['shared/guard', 'shared/targets', 'shared/store', 'shared/findings', 'shared/changes'];

describe('imports', () => {
  it.each(engineRooms)('$file uses only rooms before its own', ({ file, room, allowed }) => {
    const known = [room, ...allowed];

    const strangers = importsOf(file)
      .filter(({ target, typesOnly }) => target.startsWith('shared/') && !typesOnly)
      .filter(({ target }) => !known.some((one) => target.startsWith(`${one}/`)));

    expect(strangers).toEqual([]);
  });

  it('nothing in shared uses a function or a command', () => {
    const users = shared.filter((file) =>
      importsOf(file).some(({ target }) => /^(cli|functions|test|infra)\//.test(target)),
    );

    expect(users).toEqual([]);
  });

  it('only the room of Z3 uses z3-solver', () => {
    const users = [...shared, ...filesIn('cli')].filter((file) =>
      importsOf(file).some(({ target }) => target === 'z3-solver'),
    );

    expect(users.filter((file) => !file.startsWith('shared/solver/z3/'))).toEqual([]);
    expect(users).not.toEqual([]);
  });

  it('evaluator and encoder share no code but the parsed tree', () => {
    const crossing = filesIn('shared/evaluator').filter((file) =>
      importsOf(file).some(({ target }) => /^shared\/(encoder|formula|solver)\//.test(target)),
    );

    expect(crossing).toEqual([]);
  });

  it('the engine knows neither AWS clients nor the guard', () => {
    const users = engineRooms
      .map(({ file }) => file)
      .filter((file) => !file.startsWith('shared/changes/'))
      .filter((file) =>
        importsOf(file).some(
          ({ target }) =>
            target.startsWith('@aws-sdk/') || outerRooms.some((room) => target.startsWith(`${room}/`)),
        ),
      );

    expect(users).toEqual([]);
  });
});

describe('files', () => {
  it.each(shared)('%s has at most 400 lines', (file) => {
    const lines = textOf(file).split('\n').length - 1;

    expect(lines).toBeLessThanOrEqual(400);
  });

  it('no test is skipped or alone', () => {
    const pattern = new RegExp(
      `\\b(?:${['it', 'test', 'describe'].join('|')})\\.(?:skip|only|todo|fails)\\b`,
    );

    const marked = filesIn('test').filter((file) => pattern.test(textOf(file)));

    expect(marked).toEqual([]);
  });
});
