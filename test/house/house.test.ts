/** Rules of the house that no compiler knows. */
import { describe, expect, it } from 'vitest';
import { filesIn, importsOf, namesTaken, roomsInOrder, textOf } from './sources.ts';

const rooms = roomsInOrder();
const shared = filesIn('shared');
const product = [...shared, ...filesIn('functions'), ...filesIn('cli')];
const uses = new Map(product.map((file) => [file, importsOf(file)]));
const roomOf = (file: string) => rooms.find((room) => file.startsWith(`${room}/`));

/** Not the shapes of calls, whose names end in `$`: the loopback AWS of the tests looks for them in a client's module. */
const EXPORT = /^export (?:async )?(?:const|function\*?|class|type|interface|enum) (\w+)(?![\w$])/gm;

/** What is exported for a test alone: a bound or a step that no answer shows. The list only shrinks. */
const FOR_TESTS: readonly string[] = [
  'cli/doctor/preflight.ts: ADDED',
  'functions/sweep/sweep.ts: SweepDependencies',
  'cli/batch/row.ts: RowReading',
  'cli/batch/runBatch.ts: differenceOf',
  'cli/doctor.ts: statusOfReports',
  'cli/input/parseNames.ts: KNOWN_RESOURCE_TYPES',
  'cli/output/console.ts: wantsColour',
  'shared/checks/intersect.ts: meetPatterns',
  'shared/checks/underReadings.ts: mayGrant',
  'shared/consequences/paths/path.ts: EscalationKind',
  'shared/consequences/findConsequences.ts: Consequences',
  'shared/evaluator/parseRequest.ts: MAX_REQUEST_TEXT',
  'shared/findings/eventBusPublisher.ts: EVENT_DETAIL_TYPE',
  'shared/findings/eventBusPublisher.ts: EVENT_SOURCE',
  'shared/findings/eventBusPublisher.ts: bytesOfEntry',
  'shared/findings/eventBusPublisher.ts: renderEntry',
  'shared/findings/renderOcsf.ts: OCSF_VERSION',
  'shared/guard/burst.ts: BURST_MS',
  'shared/guard/burst.ts: HOLD_MS',
  'shared/guard/burst.ts: likeOf',
  'shared/guard/config.ts: Mode',
  'shared/guard/contract.ts: GuardEngine',
  'shared/guard/timeline/fold.ts: MAX_ENTRIES',
  'shared/guard/timeline/fold.ts: MAX_FOLDED_IDS',
  'shared/guard/told.ts: markTold',
  'shared/policy/jsonDocument.ts: positionAt',
  'shared/policy/operators.ts: OPERATORS',
  'shared/recording/recordedAccount.ts: RecordedAccount',
  'shared/recording/recordedAccount.ts: RecordedAccountOptions',
  'shared/recording/recordedAccount.ts: WrittenCall',
  'shared/services/apigateway/restApiPolicy.ts: unescaped',
  'shared/services/lambda/lambdaStatements.ts: permissionOf',
  'shared/services/ram/resourceShareDocument.ts: Share',
  'shared/services/registry.ts: CLIENTS',
  'shared/store/inMemoryStore.ts: createInMemoryStore',
  'shared/services/rolesanywhere/rolesAnywhereClient.ts: Profile',
];

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
  const taken = new Map<string, Set<string>>();
  for (const file of [...product, ...filesIn('scripts')])
    for (const [target, names] of namesTaken(file))
      taken.set(target, (taken.get(target) ?? new Set()).union(names));
  const exported = product.flatMap((file) =>
    [...textOf(file).matchAll(EXPORT)].map(([, name = '']) => ({ file, name })),
  );
  const unused = exported
    .filter(({ file, name }) => file !== LIBRARY && taken.get(file)?.has(name) !== true)
    // Lambda calls the handlers, and a file of plain JavaScript the command.
    .filter(({ file, name }) => !(name === 'handler' && /^functions\/\w+\/handler\.ts$/.test(file)))
    .filter(({ file, name }) => !(name === 'main' && file === 'cli/main.ts'))
    .map(({ file, name }) => `${file}: ${name}`);

  it('are each taken by another file of the product, or told to be for a test', () => {
    expect(exported.length).toBeGreaterThan(1000);
    expect(unused.filter((one) => !FOR_TESTS.includes(one))).toEqual([]);
  });

  it('told to be for a test are, and for nothing else', () => {
    const tried = new Map<string, Set<string>>();
    for (const file of filesIn('test'))
      for (const [target, names] of namesTaken(file))
        tried.set(target, (tried.get(target) ?? new Set()).union(names));
    const idle = FOR_TESTS.filter((one) => {
      const [file = '', name = ''] = one.split(': ');
      return !unused.includes(one) || tried.get(file)?.has(name) !== true;
    });

    expect(idle).toEqual([]);
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
