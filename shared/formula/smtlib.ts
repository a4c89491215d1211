/**
 * Questions as SMT-LIB 2.6 scripts, for Z3, for other solvers and for people.
 *
 * | attribute or key            | variables                                                               |
 * | `action`                    | one string                                                              |
 * | `principal`                 | its kind; the parts of an AWS principal, the value of any other         |
 * | `resource`                  | a flag for the literal `*`, and five strings: the parts after `arn`     |
 * | a key                       | slots: a flag "this value is there" and the value, seen by each family  |
 * | a value tested as text      | a string                                                                |
 * | … as a number, a date       | a real, and (where the key may hold any text) a flag "it is one"        |
 * | … as an address             | a flag for version 6 and an integer, and the flag                       |
 * | … as bytes                  | a string of canonical base64                                            |
 *
 * Slots: a set of values can be thinned to one value for each predicate "some value …" that holds, and one more
 * where several are asked for, without changing the truth of any predicate. So that many slots lose no model. Where
 * a key's values matter only while it has a single one, one slot does.
 *
 * A value seen by two families is two variables with nothing between them: more models than there are, so `unsat`
 * holds and `sat` must be confirmed; `mixed` says so.
 *
 * Names are machine-made; what policies say stands in escaped string literals and in comments.
 * Trusted: an error here that loses models would be seen only by comparison with another decider.
 */
import type { Comparison, Decimal } from '../policy/ast.ts';
import { CASE_VARIANTS, foldChar } from '../policy/foldChar.ts';
import { formatAddress } from '../policy/cidr.ts';
import { formatInstant } from '../policy/instant.ts';
import { formatDecimal, normalise } from '../policy/decimal.ts';
import type { CharClass, Formula, Glob, GlobToken, Model, Question, ScalarAttribute, ValueTest } from './formula.ts';

export type SmtScript = {
  /** Declarations and assertions, without `check-sat`. */
  readonly script: string;
  /** Constants whose values make the model, for `get-value`. */
  readonly constants: readonly string[];
  /** True iff some key is seen by two families, so that a model must be confirmed. */
  readonly mixed: boolean;
  /** Returns the model for the values (SMT-LIB terms) of `constants`. */
  readonly decode: (values: ReadonlyMap<string, string>) => Model;
};

/** The formula holds something that has no script: `message` says what. */
export class NoScript extends Error {
  override readonly name = 'NoScript';
}

type Family = ValueTest['kind'];

type Slot = { readonly active: string; readonly name: string };

type KeyPlan = { readonly key: string; readonly slots: readonly Slot[]; readonly families: ReadonlySet<Family>; readonly type: string };

/** Returns the script whose models are the question's. Throws `NoScript`. */
export function toSmtLib(question: Question): SmtScript {
  const plans = planKeys(question);
  const lines: string[] = ['(set-logic ALL)'];
  declareScalars(lines);
  for (const plan of plans.values()) declareKey(lines, plan);
  const print = printer(plans);
  // An attribute that the formula does not ask about can be anything of its domain; the first shape will do.
  const domain = (attribute: ScalarAttribute) => {
    const globs = question.domains[attribute];
    return print({ kind: 'member', attribute, globs: asksAbout(question.formula, attribute) ? globs : globs.slice(0, 1) });
  };
  lines.push('; the shape of requests', `(assert ${domain('action')})`, `(assert ${domain('principal')})`);
  for (const part of [...RESOURCE_PARTS.slice(0, 4), ...PRINCIPAL_PARTS.slice(0, 5)]) {
    lines.push(`(assert (not (str.contains ${part} ":")))`);
  }
  lines.push('; the question');
  const conjuncts = question.formula.kind === 'and' ? question.formula.args : [question.formula];
  for (const conjunct of conjuncts) lines.push(`(assert ${print(conjunct)})`);
  const constants = ['action', 'resource_is_star', ...RESOURCE_PARTS, ...PRINCIPAL_PARTS, 'principal_kind', 'principal_value', ...[...plans.values()].flatMap(constantsOf)];
  return {
    script: `${lines.join('\n')}\n`,
    constants,
    mixed: [...plans.values()].some(({ families }) => families.size > 1),
    decode: (values) => decode(values, plans),
  };
}

const RESOURCE_PARTS = ['resource_partition', 'resource_service', 'resource_region', 'resource_account', 'resource_rest'] as const;

/** `AWS:<session>:arn:<partition>:<service>:<region>:<account>:<entity>` without its fixed parts. */
const PRINCIPAL_PARTS = [
  'principal_session',
  'principal_partition',
  'principal_service',
  'principal_region',
  'principal_account',
  'principal_entity',
] as const;

function declareScalars(lines: string[]): void {
  lines.push('(declare-const resource_is_star Bool)');
  for (const name of ['action', ...RESOURCE_PARTS, 'principal_kind', 'principal_value', ...PRINCIPAL_PARTS]) {
    lines.push(`(declare-const ${name} String)`);
  }
  const [session, ...arn] = PRINCIPAL_PARTS;
  const whole = arn.flatMap((part) => ['":"', part]).join(' ');
  lines.push(
    `(define-fun principal () String (str.++ principal_kind ":" (ite (= principal_kind "AWS") (str.++ ${session} ":arn" ${whole}) principal_value)))`,
  );
}

function asksAbout(formula: Formula, attribute: ScalarAttribute): boolean {
  switch (formula.kind) {
    case 'and':
    case 'or':
      return formula.args.some((arg) => asksAbout(arg, attribute));
    case 'not':
      return asksAbout(formula.arg, attribute);
    default:
      return formula.kind === 'member' && formula.attribute === attribute;
  }
}

function planKeys({ formula, keyTypes }: Question): Map<string, KeyPlan> {
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
        known.families.add(part.test.kind);
        if (!singles.has(part.key)) known.guarded = false;
        if (part.test.kind === 'text') for (const key of variablesOf(part.test.globs)) use(key).families.add('text');
        break;
      }
      default:
    }
  };
  visit(formula, new Set());
  const plans = new Map<string, KeyPlan>();
  for (const [index, [key, { tests, families, guarded }]] of [...uses].entries()) {
    const count = guarded ? 1 : tests.size + 1;
    const type = keyTypes[key] ?? 'text';
    if (families.size === 0) families.add('text');
    if (type === 'number' || type === 'date' || type === 'ip') families.add(type);
    const slots = Array.from({ length: count }, (_, slot) => ({ active: `k${index}_on${slot}`, name: `k${index}_v${slot}` }));
    plans.set(key, { key, slots, families, type });
  }
  return plans;
}

/** The key of a conjunct that says "not several values". */
function singleKey(part: Formula): string[] {
  return part.kind === 'not' && part.arg.kind === 'several' ? [part.arg.key] : [];
}

function variablesOf(globs: readonly Glob[]): string[] {
  return globs.flatMap((glob) => glob.flatMap((token) => (token.kind === 'variable' ? [token.key] : [])));
}

function severalFlag({ slots }: KeyPlan): string {
  return `${slots[0]?.active}_several`;
}

const VIEWS: { readonly [family in Family]: readonly { readonly suffix: string; readonly sort: string }[] } = {
  text: [{ suffix: '', sort: 'String' }],
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

function declareKey(lines: string[], plan: KeyPlan): void {
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
      lines.push(`(assert (and (<= 0 ${address}) (<= ${address} (ite ${name}_is_v6 ${2n ** 128n - 1n} ${2n ** 32n - 1n}))))`);
    }
    for (const family of ['number', 'date', 'ip'] as const) {
      if (plan.type === family) lines.push(`(assert ${name}${family === 'ip' ? '_is_address' : `_is_${family}`})`);
    }
  }
  if (plan.slots.length > 1) return;
  const several = severalFlag(plan);
  lines.push(`(declare-const ${several} Bool)`, `(assert (=> ${several} ${plan.slots[0]?.active}))`);
}

const BOOLEANS: readonly Glob[] = ['true', 'false'].map((text) => [{ kind: 'text', text, foldCase: true }]);

function constantsOf(plan: KeyPlan): string[] {
  const several = plan.slots.length === 1 ? [severalFlag(plan)] : [];
  return [
    ...several,
    ...plan.slots.flatMap(({ active, name }) => [
      active,
      ...[...plan.families].flatMap((family) => VIEWS[family].map(({ suffix }) => `${name}${suffix}`)),
    ]),
  ];
}

function printer(plans: ReadonlyMap<string, KeyPlan>): (part: Formula) => string {
  const planOf = (key: string): KeyPlan => {
    const plan = plans.get(key);
    if (plan === undefined) throw new NoScript(`key \`${key}\` was not planned`);
    return plan;
  };
  const present = (key: string) => anyOf(planOf(key).slots.map(({ active }) => active));
  const several = (key: string) => {
    const plan = planOf(key);
    if (plan.slots.length === 1) return severalFlag(plan);
    return anyOf(pairs(plan.slots).map(([a, b]) => `(and ${a.active} ${b.active} ${differ(plan, a, b)})`));
  };
  // The one value of a key with a single value is that of any active slot; slots beyond hold equal ones.
  const variable = (key: string): { guard: string; options: readonly { active: string; name: string }[] } => ({
    guard: `(not ${several(key)})`,
    options: planOf(key).slots,
  });
  const print = (part: Formula): string => {
    switch (part.kind) {
      case 'true':
      case 'false':
        return part.kind;
      case 'and':
        return allOf(part.args.map(print));
      case 'or':
        return anyOf(part.args.map(print));
      case 'not':
        return `(not ${print(part.arg)})`;
      case 'member':
        return anyOf(groupByVariables(part.globs).map(({ globs, keys }) => withVariables(keys, (nameOf) => inScalar(part.attribute, globs, nameOf))));
      case 'present':
        return present(part.key);
      case 'several':
        return several(part.key);
      case 'some':
        return anyOf(
          planOf(part.key).slots.map(({ active, name }) => {
            const passes = printTest(part.test, name);
            return `(and ${active} ${part.negated ? `(not ${passes})` : passes})`;
          }),
        );
    }
  };
  /** A glob holds with the single value of each key put in; false when a key has not exactly one. */
  const withVariables = (keys: readonly string[], body: (nameOf: (key: string) => string | undefined) => string): string => {
    const choose = (rest: readonly string[], chosen: ReadonlyMap<string, string>): string => {
      const [key, ...others] = rest;
      if (key === undefined) return body((name) => chosen.get(name));
      const { guard, options } = variable(key);
      return `(and ${guard} ${anyOf(options.map(({ active, name }) => `(and ${active} ${choose(others, new Map([...chosen, [key, name]]))})`))})`;
    };
    return choose(keys, new Map());
  };
  const printTest = (test: ValueTest, name: string): string => {
    switch (test.kind) {
      case 'text':
        return anyOf(groupByVariables(test.globs).map(({ globs, keys }) => withVariables(keys, (nameOf) => inGlobs(name, globs, nameOf))));
      case 'binary':
        return anyOf(test.values.map((value) => `(= ${name}_bytes ${literal(value)})`));
      case 'number':
      case 'date': {
        const bounds = test.values.map((value) => compare(`${name}_${test.kind}`, test.comparison, value));
        return `(and ${name}_is_${test.kind} ${anyOf(bounds)})`;
      }
      case 'ip': {
        const ranges = test.ranges.map(
          ({ version, first, last }) =>
            `(and ${version === 6 ? `${name}_is_v6` : `(not ${name}_is_v6)`} (<= ${first} ${name}_address) (<= ${name}_address ${last}))`,
        );
        return `(and ${name}_is_address ${anyOf(ranges)})`;
      }
    }
  };
  return print;
}

function pairs<T>(list: readonly T[]): (readonly [T, T])[] {
  return list.flatMap((a, index) => list.slice(index + 1).map((b) => [a, b] as const));
}

function differ({ families }: KeyPlan, a: Slot, b: Slot): string {
  const views = [...families].flatMap((family) => VIEWS[family]);
  return anyOf(views.map(({ suffix }) => `(not (= ${a.name}${suffix} ${b.name}${suffix}))`));
}

/** Globs without variables together, each of the others alone. */
function groupByVariables(globs: readonly Glob[]): { globs: readonly Glob[]; keys: readonly string[] }[] {
  const plain = globs.filter((glob) => variablesOf([glob]).length === 0);
  const others = globs.filter((glob) => variablesOf([glob]).length > 0);
  return [
    ...(plain.length > 0 ? [{ globs: plain, keys: [] }] : []),
    ...others.map((glob) => ({ globs: [glob], keys: [...new Set(variablesOf([glob]))] })),
  ];
}

type NameOf = (key: string) => string | undefined;

function inScalar(attribute: ScalarAttribute, globs: readonly Glob[], nameOf: NameOf): string {
  if (attribute === 'action') return inGlobs(attribute, globs, nameOf);
  return anyOf(
    globs.map((glob) => {
      const [token] = glob;
      if (attribute === 'principal') return inPrincipal(glob, nameOf);
      if (glob.length === 1 && token?.kind === 'text' && token.text === '*') return 'resource_is_star';
      const parts = splitParts(glob, 6);
      const [head = []] = parts;
      if (parts.length !== 6) throw new NoScript('a resource pattern does not split into six parts');
      if (!matchesArn(head)) return 'false';
      return allOf(['(not resource_is_star)', ...RESOURCE_PARTS.map((part, index) => inGlobs(part, [parts[index + 1] ?? []], nameOf))]);
    }),
  );
}

/** A principal by its parts where the glob shows them, by its whole text where a wildcard crosses them. */
function inPrincipal(glob: Glob, nameOf: NameOf): string {
  const [token, rest] = glob;
  const kind = token?.kind === 'text' ? token.text.slice(0, token.text.indexOf(':')) : '';
  if (token?.kind !== 'text' || kind === '') return inGlobs('principal', [glob], nameOf);
  const isKind = `(= principal_kind ${literal(kind)})`;
  if (kind !== 'AWS') {
    const [, ...value] = splitParts(glob, 2);
    return allOf([isKind, inGlobs('principal_value', value, nameOf)]);
  }
  if (glob.length === 2 && token.text === 'AWS:' && rest?.kind === 'star' && rest.of === 'any') return isKind;
  const [, session = [], arn = [], ...others] = splitParts(glob, 8);
  if (others.length !== 5) return inGlobs('principal', [glob], nameOf);
  if (!matchesArn(arn)) return 'false';
  const parts = [session, ...others];
  return allOf([isKind, ...PRINCIPAL_PARTS.map((name, index) => inGlobs(name, [parts[index] ?? []], nameOf))]);
}

/** The globs between the first `count - 1` colons that stand as text; fewer parts when there are fewer colons. */
function splitParts(glob: Glob, count: number): Glob[] {
  const parts: GlobToken[][] = [[]];
  for (const token of glob) {
    // A wildcard over any character may cross a colon: from there on the parts are not to be told apart.
    if (token.kind !== 'text' && parts.length < count && (token.kind === 'variable' ? false : token.of === 'any')) return [];
    if (token.kind !== 'text') {
      parts.at(-1)?.push(token);
      continue;
    }
    let { text } = token;
    while (parts.length < count && text.includes(':')) {
      const colon = text.indexOf(':');
      if (colon > 0) parts.at(-1)?.push({ ...token, text: text.slice(0, colon) });
      parts.push([]);
      text = text.slice(colon + 1);
    }
    if (text !== '') parts.at(-1)?.push({ ...token, text });
  }
  return parts;
}

/** True iff the glob of the first part matches `arn`. */
function matchesArn(glob: Glob): boolean {
  let ends = new Set([0]);
  for (const token of glob) {
    const next = new Set<number>();
    for (const start of ends) {
      if (token.kind === 'text') {
        if ('arn'.startsWith(token.text, start)) next.add(start + token.text.length);
      } else if (token.kind === 'one') next.add(start + 1);
      else for (let end = start; end <= 3; end++) next.add(end);
    }
    ends = next;
  }
  return ends.has(3);
}

/** The string is one of the globs: equality where the glob is plain, prefix and suffix where that says it, else a regular expression. */
function inGlobs(name: string, globs: readonly Glob[], nameOf: NameOf): string {
  const expressions: string[] = [];
  const others: string[] = [];
  for (const glob of globs) {
    const [first, second] = glob;
    if (glob.length === 0) others.push(`(= ${name} "")`);
    else if (glob.length === 1 && first?.kind === 'text' && first.foldCase !== true) others.push(`(= ${name} ${literal(first.text)})`);
    else if (glob.length === 1 && first?.kind === 'star' && first.of === 'any') return 'true';
    else if (glob.length === 2 && first?.kind === 'text' && first.foldCase !== true && second?.kind === 'star' && second.of === 'any') {
      others.push(`(str.prefixof ${literal(first.text)} ${name})`);
    } else if (glob.length === 2 && second?.kind === 'text' && second.foldCase !== true && first?.kind === 'star' && first.of === 'any') {
      others.push(`(str.suffixof ${literal(second.text)} ${name})`);
    } else if (glob.every((token) => (token.kind === 'variable' || token.kind === 'text') && token.foldCase !== true)) {
      others.push(`(= ${name} ${concat(glob.map((token) => (token.kind === 'variable' ? (nameOf(token.key) ?? '""') : literal(token.kind === 'text' ? token.text : ''))))})`);
    } else expressions.push(expression(glob, nameOf));
  }
  if (expressions.length > 0) others.push(`(str.in_re ${name} ${expressions.length === 1 ? expressions[0] : `(re.union ${expressions.join(' ')})`})`);
  return anyOf(others);
}

function concat(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '""') : `(str.++ ${parts.join(' ')})`;
}

function expression(glob: Glob, nameOf: NameOf): string {
  const parts = glob.flatMap((token): string[] => {
    switch (token.kind) {
      case 'text':
        return token.foldCase === true ? [...token.text].map(foldedChar) : [`(str.to_re ${literal(token.text)})`];
      case 'one':
        return [CLASSES[token.of]];
      case 'star':
        return [`(re.* ${CLASSES[token.of]})`];
      case 'variable':
        // No solver folds the case of a string it does not know.
        if (token.foldCase === true) throw new NoScript('a variable is compared without case');
        return [`(str.to_re ${nameOf(token.key) ?? '""'})`];
    }
  });
  return parts.length === 1 ? (parts[0] ?? '') : `(re.++ ${parts.join(' ')})`;
}

const notChars = (...chars: string[]) => `(re.diff re.allchar (re.union ${chars.map((char) => `(str.to_re "${char}")`).join(' ')}))`;

const CLASSES: { readonly [of in CharClass]: string } = {
  any: 're.allchar',
  notColon: '(re.diff re.allchar (str.to_re ":"))',
  notSlashOrColon: notChars('/', ':'),
  digit: '(re.range "0" "9")',
};

function foldedChar(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  const variants = CASE_VARIANTS.get(foldChar(point)) ?? [point];
  const texts = variants.map((variant) => `(str.to_re ${literal(String.fromCodePoint(variant))})`);
  return texts.length === 1 ? (texts[0] ?? '') : `(re.union ${texts.join(' ')})`;
}

/** Returns the text as an SMT-LIB string literal: everything but plain ASCII escaped. */
export function literal(value: string): string {
  let escaped = '';
  for (const char of value) {
    const point = char.codePointAt(0) ?? 0;
    if (char === '"') escaped += '""';
    else if (point < 32 || point > 126 || char === '\\') escaped += `\\u{${point.toString(16)}}`;
    else escaped += char;
  }
  return `"${escaped}"`;
}

function comment(value: string): string {
  return value.replaceAll(/[^\u0020-\u007e]/g, '?');
}

function compare(name: string, comparison: Comparison, { units, scale }: Decimal): string {
  const size = units < 0n ? -units : units;
  const magnitude = scale === 0 ? `${size}.0` : `(/ ${size}.0 ${10n ** BigInt(scale)}.0)`;
  return `(${comparison} ${name} ${units < 0n ? `(- ${magnitude})` : magnitude})`;
}

function allOf(parts: readonly string[]): string {
  return parts.length === 0 ? 'true' : parts.length === 1 ? (parts[0] ?? '') : `(and ${parts.join(' ')})`;
}

function anyOf(parts: readonly string[]): string {
  return parts.length === 0 ? 'false' : parts.length === 1 ? (parts[0] ?? '') : `(or ${parts.join(' ')})`;
}

function decode(values: ReadonlyMap<string, string>, plans: ReadonlyMap<string, KeyPlan>): Model {
  const text = (name: string) => unescapeLiteral(values.get(name) ?? '""');
  const keys: { [key: string]: readonly string[] } = {};
  for (const plan of plans.values()) {
    const found = plan.slots.filter(({ active }) => values.get(active) === 'true').map(({ name }) => valueIn(plan, name, values));
    // Where only "several" matters the values do not: any two will do.
    const several = plan.slots.length === 1 && values.get(severalFlag(plan)) === 'true';
    const list = several ? [...found, ...(plan.type === 'boolean' ? ['true', 'false'] : [`${found[0]}1`])] : found;
    if (list.length > 0) keys[plan.key] = [...new Set(list)];
  }
  const isStar = values.get('resource_is_star') === 'true';
  return {
    scalars: {
      action: text('action'),
      principal:
        text('principal_kind') === 'AWS'
          ? `AWS:${text('principal_session')}:arn:${PRINCIPAL_PARTS.slice(1).map(text).join(':')}`
          : `${text('principal_kind')}:${text('principal_value')}`,
      resource: isStar ? '*' : ['arn', ...RESOURCE_PARTS.map(text)].join(':'),
    },
    keys,
  };
}

function valueIn({ families, type }: KeyPlan, name: string, values: ReadonlyMap<string, string>): string {
  const is = (suffix: string) => values.get(`${name}${suffix}`) === 'true';
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
    .replaceAll(/\\u\{([0-9a-fA-F]+)\}|\\u([0-9a-fA-F]{4})/g, (_, braced: string | undefined, plain: string | undefined) =>
      String.fromCodePoint(Number.parseInt(braced ?? plain ?? '0', 16)),
    );
}
