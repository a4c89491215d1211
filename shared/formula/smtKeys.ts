/** Context keys in SMT-LIB: how many slots for values each needs, their variables, and values read back. */

import type { Decimal } from '../policy/ast.ts';
import { formatAddress } from '../policy/cidr.ts';
import { formatDecimal, normalise } from '../policy/decimal.ts';
import { formatInstant } from '../policy/instant.ts';
import type { Formula, Glob, KeyType, Question, ValueTest } from './formula.ts';
import { allOf, comment, inGlobs } from './smtText.ts';

/** `empty`: that a value is the empty text, where nothing else reads it as a text. */
type Family = ValueTest['kind'] | 'empty';

/** A place for one value of a key: its flag and the stem of its variables' names. */
export type Slot = { readonly active: string; readonly name: string };

/** How a key is written: its slots, and the families that see its values. */
export type KeyPlan = {
  readonly key: string;
  readonly slots: readonly Slot[];
  readonly families: ReadonlySet<Family>;
  readonly type: KeyType;
  /** It holds at most one value: one slot, and never several. */
  readonly isSingle: boolean;
};

/** Returns the plan of each key that the formula asks about. */
export function planKeys({ formula, keyTypes, isSingleValued }: Question): Map<string, KeyPlan> {
  const uses = new Map<string, { tests: Set<Formula>; families: Set<Family>; guarded: boolean }>();
  const use = (key: string) => {
    let known = uses.get(key);
    if (known === undefined) {
      known = { tests: new Set(), families: new Set(), guarded: true };
      uses.set(key, known);
    }
    return known;
  };
  const visit = (part: Formula, singles: ReadonlySet<string>): void => {
    switch (part.kind) {
      case 'and':
      case 'or': {
        const inner = part.kind === 'and' ? new Set([...singles, ...part.args.flatMap(singleKey)]) : singles;
        for (const arg of part.args) visit(arg, inner);
        break;
      }
      case 'not':
        visit(part.arg, singles);
        break;
      case 'present':
      case 'several':
        use(part.key);
        break;
      case 'member':
        for (const key of variablesOf(part.globs)) use(key).families.add('text');
        break;
      case 'some': {
        const known = use(part.key);
        known.tests.add(part);
        known.families.add(isEmptyText(part.test) ? 'empty' : part.test.kind);
        if (!singles.has(part.key)) known.guarded = false;
        if (part.test.kind === 'text')
          for (const key of variablesOf(part.test.globs)) use(key).families.add('text');
        break;
      }
      default:
    }
  };
  visit(formula, new Set());
  const plans = new Map<string, KeyPlan>();
  for (const [index, [key, { tests, families, guarded }]] of [...uses].entries()) {
    const isSingle = isSingleValued(key);
    const count = guarded || isSingle ? 1 : tests.size + 1;
    const type = keyTypes[key] ?? 'text';
    // What is true or false is so as a text, whatever else reads it.
    const isRead = [...families].some((family) => family !== 'empty');
    if (!isRead || type === 'boolean') families.add('text');
    if (families.has('text')) families.delete('empty');
    if (type === 'number' || type === 'date' || type === 'ip') families.add(type);
    const slots = Array.from({ length: count }, (_, slot) => ({
      active: `k${index}_on${slot}`,
      name: `k${index}_v${slot}`,
    }));
    plans.set(key, { key, slots, families, type, isSingle });
  }
  return plans;
}

/** Returns true iff the test is passed by the empty text alone. */
export function isEmptyText(test: ValueTest): boolean {
  return test.kind === 'text' && test.globs.length > 0 && test.globs.every((glob) => glob.length === 0);
}

/** The key of a conjunct that says "not several values". */
function singleKey(part: Formula): string[] {
  return part.kind === 'not' && part.arg.kind === 'several' ? [part.arg.key] : [];
}

/** Returns the keys of the globs' variables. */
export function variablesOf(globs: readonly Glob[]): string[] {
  return globs.flatMap((glob) => glob.flatMap((token) => (token.kind === 'variable' ? [token.key] : [])));
}

/** Returns the name of the flag "several values" of a key with a single slot. */
export function severalFlag({ slots }: KeyPlan): string {
  return `${slots[0]?.active}_several`;
}

/** The variables by which each family sees a value. */
export const VIEWS: {
  readonly [family in Family]: readonly { readonly suffix: string; readonly sort: string }[];
} = {
  text: [{ suffix: '', sort: 'String' }],
  empty: [{ suffix: '_is_empty', sort: 'Bool' }],
  binary: [{ suffix: '_bytes', sort: 'String' }],
  number: [
    { suffix: '_number', sort: 'Real' },
    { suffix: '_is_number', sort: 'Bool' },
  ],
  date: [
    { suffix: '_date', sort: 'Real' },
    { suffix: '_is_date', sort: 'Bool' },
  ],
  ip: [
    { suffix: '_address', sort: 'Int' },
    { suffix: '_is_v6', sort: 'Bool' },
    { suffix: '_is_address', sort: 'Bool' },
  ],
};

/** Adds the declarations of a key, and what its type makes certain. */
export function declareKey(lines: string[], plan: KeyPlan): void {
  lines.push(`; key ${comment(plan.key)}`);
  for (const { active, name } of plan.slots) {
    lines.push(`(declare-const ${active} Bool)`);
    for (const family of plan.families) {
      for (const { suffix, sort } of VIEWS[family]) lines.push(`(declare-const ${name}${suffix} ${sort})`);
    }
    if (plan.type === 'boolean' && plan.families.has('text')) {
      lines.push(`(assert ${inGlobs(name, BOOLEANS, () => undefined)})`);
    }
    if (plan.families.has('ip')) {
      const address = `${name}_address`;
      lines.push(
        `(assert (and (<= 0 ${address}) (<= ${address} (ite ${name}_is_v6 ${2n ** 128n - 1n} ${2n ** 32n - 1n}))))`,
      );
    }
    if (plan.families.has('empty')) {
      const readings = (['number', 'date', 'ip'] as const)
        .filter((family) => plan.families.has(family))
        .map((family) => `(not ${name}${family === 'ip' ? '_is_address' : `_is_${family}`})`);
      lines.push(`(assert (=> ${name}_is_empty ${allOf(readings)}))`);
      if (plan.families.has('binary')) lines.push(`(assert (= ${name}_is_empty (= ${name}_bytes "")))`);
    }
    for (const family of ['number', 'date', 'ip'] as const) {
      if (plan.type === family)
        lines.push(`(assert ${name}${family === 'ip' ? '_is_address' : `_is_${family}`})`);
    }
  }
  if (plan.slots.length > 1 || plan.isSingle) return;
  const several = severalFlag(plan);
  lines.push(`(declare-const ${several} Bool)`, `(assert (=> ${several} ${plan.slots[0]?.active}))`);
}

/** As AWS writes them; policies may spell them otherwise. */
const BOOLEANS: readonly Glob[] = ['true', 'false'].map((text) => [{ kind: 'text', text }]);

/** Returns the names of all constants of a key. */
export function constantsOf(plan: KeyPlan): string[] {
  const several = plan.slots.length === 1 && !plan.isSingle ? [severalFlag(plan)] : [];
  return [
    ...several,
    ...plan.slots.flatMap(({ active, name }) => [
      active,
      ...[...plan.families].flatMap((family) => VIEWS[family].map(({ suffix }) => `${name}${suffix}`)),
    ]),
  ];
}

/** Returns the text of the value in a slot, by the family that says most of it. */
export function valueIn(
  { families, type }: KeyPlan,
  name: string,
  values: ReadonlyMap<string, string>,
): string {
  const is = (suffix: string) => values.get(`${name}${suffix}`) === 'true';
  if (families.has('empty') && is('_is_empty')) return '';
  // A typed key shows its type; otherwise text says most, and a model of two families is confirmed or dropped anyway.
  if (families.has('number') && (type === 'number' || !families.has('text'))) {
    return is('_is_number') ? formatDecimal(rational(values.get(`${name}_number`) ?? '0')) : 'x';
  }
  if (families.has('date') && (type === 'date' || !families.has('text'))) {
    return is('_is_date') ? formatInstant(rational(values.get(`${name}_date`) ?? '0')) : 'x';
  }
  if (families.has('ip') && (type === 'ip' || !families.has('text'))) {
    const value = BigInt(values.get(`${name}_address`) ?? '0');
    return is('_is_address') ? formatAddress({ version: is('_is_v6') ? 6 : 4, value }) : 'x';
  }
  return unescapeLiteral(values.get(`${name}${families.has('text') ? '' : '_bytes'}`) ?? '""');
}

/** Reads `5.0`, `(- 5.0)`, `(/ 1.0 3.0)`; a fraction without an end in decimals is cut far behind any bound's places. */
function rational(term: string): Decimal {
  const numbers = term.match(/\d+(?:\.\d+)?/g) ?? ['0'];
  const [numerator = 0n, denominator = 1n] = numbers.map((number) => BigInt(number.replace(/\.0+$/, '')));
  const negative = term.includes('-');
  const scale = term.includes('/') ? 40 : 0;
  const units = (numerator * 10n ** BigInt(scale)) / denominator;
  return normalise(negative ? -units : units, scale);
}

/** Returns the text of an SMT-LIB string literal. */
export function unescapeLiteral(term: string): string {
  return term
    .slice(1, -1)
    .replaceAll('""', '"')
    .replaceAll(
      /\\u\{([0-9a-fA-F]+)\}|\\u([0-9a-fA-F]{4})/g,
      (_, braced: string | undefined, plain: string | undefined) =>
        String.fromCodePoint(Number.parseInt(braced ?? plain ?? '0', 16)),
    );
}
