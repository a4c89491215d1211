/** Rules of the house that no compiler knows. */
import { describe, expect, it } from 'vitest';
import { filesIn, importsOf, roomsInOrder, textOf } from './sources.ts';

const rooms = roomsInOrder();
const shared = filesIn('shared');
const product = [...shared, ...filesIn('functions'), ...filesIn('cli')];
const uses = new Map(product.map((file) => [file, importsOf(file)]));
const roomOf = (file: string) => rooms.find((room) => file.startsWith(`${room}/`));

/** The library's root stands above the engine's rooms, and below all others. */
const LIBRARY = 'shared/index.ts';

describe('the code map', () => {
  it('names every folder of shared, functions and cli, and no other', () => {
    const folders = [...new Set(product.filter((file) => file !== LIBRARY).map(folderOf))];

    expect([...rooms].sort()).toEqual(folders.sort());
  });
});

function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'shared' ? `${first}/${second}` : first;
}

describe('imports', () => {
  it.each(product.filter((file) => file !== LIBRARY))('%s uses only rooms above its own', (file) => {
    const at = rooms.indexOf(roomOf(file) ?? '');
    const strangers = (uses.get(file) ?? [])
      .filter((target) => uses.has(target) && roomOf(target) !== roomOf(file))
      .filter((target) => target === LIBRARY || !rooms.slice(0, at).includes(roomOf(target) ?? ''));

    expect(strangers).toEqual([]);
    expect((uses.get(file) ?? []).filter((target) => /^(test|infra|scripts)\//.test(target))).toEqual([]);
  });

  it('make no circle, types included', () => {
    expect(circles()).toEqual([]);
  });

  it('only the room of Z3 uses z3-solver', () => {
    const users = product.filter((file) => uses.get(file)?.includes('z3-solver'));

    expect(users.filter((file) => !file.startsWith('shared/solver/z3/'))).toEqual([]);
    expect(users).not.toEqual([]);
  });

  it('the evaluator shares no code with the encoder but the parsed tree', () => {
    const crossing = filesIn('shared/evaluator').filter((file) =>
      uses.get(file)?.some((target) => /^shared\/(encoder|formula|solver)\//.test(target)),
    );

    expect(crossing).toEqual([]);
  });

  it('the engine knows no AWS clients', () => {
    const engine = rooms.slice(0, rooms.indexOf('shared/targets'));
    const users = product.filter(
      (file) =>
        engine.includes(roomOf(file) ?? '') &&
        uses.get(file)?.some((target) => target.startsWith('@aws-sdk/')),
    );

    expect(engine.length).toBeGreaterThan(5);
    expect(users).toEqual([]);
  });

  it('no function loads what only a replay needs', () => {
    const reached = new Set(filesIn('functions'));
    for (const file of reached)
      for (const target of uses.get(file) ?? []) if (uses.has(target)) reached.add(target);

    expect(reached.size).toBeGreaterThan(200);
    expect([...reached].filter((file) => /\/recorded\w*\.ts$|^shared\/recording\//.test(file))).toEqual([]);
  });
});

/** Returns the files of each circle of imports. */
function circles(): string[][] {
  const depth = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const mine = depth.size;
    depth.set(file, mine);
    let low = mine;
    path.push(file);
    for (const target of uses.get(file) ?? []) {
      if (!uses.has(target)) continue;
      if (!depth.has(target)) low = Math.min(low, visit(target));
      else if (path.includes(target)) low = Math.min(low, depth.get(target) ?? low);
    }
    lowest.set(file, low);
    if (low !== mine) return low;
    const circle = path.splice(path.indexOf(file));
    if (circle.length > 1) found.push(circle);
    return low;
  };
  for (const file of uses.keys()) if (!depth.has(file)) visit(file);
  return found;
}

describe('rules that stand in one file', () => {
  /** Whose lines but those of the file itself, of the oracle in `evaluator` and of the tables named do what only it should. */
  const elsewhere = (pattern: RegExp, own: readonly RegExp[]) =>
    product
      .filter((file) => !file.startsWith('shared/evaluator/') && !own.some((one) => one.test(file)))
      .flatMap((file) => (textOf(file).match(pattern) ?? []).map((found) => `${file}: ${found}`));

  it('are how an ARN is taken apart', () => {
    const parts =
      /split\(':'\)(?:\?\.)?(?:\[[1-5]\]|\.slice\([05])|\[, (?:\w|, ).*= \w*[aA]rn\??\.split\(':'\)/g;

    // Patterns have wildcards where ARNs have colons.
    expect(elsewhere(parts, [/^shared\/policy\/arn\.ts$/, /^shared\/checks\/intersect\.ts$/])).toEqual([]);
    expect(textOf('shared/policy/arn.ts')).toContain("arn.split(':')");
  });

  it('are which partition and which domain a Region has', () => {
    const names = /'aws-cn'|amazonaws\.com\$\{|'cn-'/g;
    // Which partitions there are, to try or to name one; not which a Region has.
    const lists = [/^shared\/checks\/plainResources\.ts$/, /^shared\/findings\/renderAsff\.ts$/];

    expect(elsewhere(names, [/^shared\/policy\/arn\.ts$/, ...lists])).toEqual([]);
  });
});

describe('exports', () => {
  it('of functions and constants are each used by another file', () => {
    const readers = [...product, ...filesIn('scripts'), ...filesIn('test')].map(textOf).join('\n');
    const words = new Map<string, number>();
    for (const [word] of readers.matchAll(/\b[A-Za-z_]\w+\b/g)) words.set(word, (words.get(word) ?? 0) + 1);
    const unused = product.flatMap((file) => {
      const text = textOf(file);
      return [...text.matchAll(/^export (?:async )?(?:const|function\*?) (\w+)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => words.get(name) === [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length)
        .map((name) => `${file}: ${name}`);
    });

    // Lambda calls the handlers.
    const left = unused.filter((one) => !/^functions\/\w+\/handler\.ts: handler$/.test(one));
    expect(left.filter((one) => !STILL_EXPORTING.test(one))).toEqual([]);
    expect(left.length).toBeLessThanOrEqual(MAX_UNUSED);
  });
});

/** Rooms that still export what only they use, and how many such names there are at most: this only shrinks. */
const STILL_EXPORTING = /^(shared\/(guard|consequences|encoder|reference|checks|policy|solver)|cli)\//;
const MAX_UNUSED = 30;

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
