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
 * a key holds at most one value, or its values matter only while it has a single one, one slot does.
 *
 * A value seen by two families is two variables with nothing between them: more models than there are, so `unsat`
 * holds and `sat` must be confirmed; `mixed` says so.
 *
 * Names are machine-made; what policies say stands in escaped string literals and in comments.
 * Trusted: an error here that loses models would be seen only by comparison with another decider.
 */

import { toTable } from '../policy/table.ts';
import type { Formula, Glob, Model, Question, ScalarAttribute, ValueTest } from './formula.ts';
import { respell } from './respell.ts';
import { inScalar, PARTS_WITHOUT_COLON, PRINCIPAL_PARTS, RESOURCE_PARTS } from './smtAttributes.ts';
import {
  constantsOf,
  declareKey,
  isEmptyText,
  type KeyPlan,
  planKeys,
  type Slot,
  severalFlag,
  unescapeLiteral,
  VIEWS,
  valueIn,
  variablesOf,
} from './smtKeys.ts';
import { allOf, anyOf, compare, inGlobs, literal, NoScript } from './smtText.ts';

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
    return print({
      kind: 'member',
      attribute,
      globs: asksAbout(question.formula, attribute) ? globs : globs.slice(0, 1),
    });
  };
  lines.push('; the shape of requests', `(assert ${domain('action')})`, `(assert ${domain('principal')})`);
  for (const part of PARTS_WITHOUT_COLON) {
    lines.push(`(assert (not (str.contains ${part} ":")))`);
  }
  lines.push('; the question');
  const conjuncts = question.formula.kind === 'and' ? question.formula.args : [question.formula];
  for (const conjunct of conjuncts) lines.push(`(assert ${print(conjunct)})`);
  const constants = [
    'action',
    'resource_is_star',
    ...RESOURCE_PARTS,
    ...PRINCIPAL_PARTS,
    'principal_kind',
    'principal_value',
    ...[...plans.values()].flatMap(constantsOf),
  ];
  return {
    script: `${lines.join('\n')}\n`,
    constants,
    mixed: [...plans.values()].some(isMixed),
    decode: (values) => decode(values, plans),
  };
}

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

function printer(plans: ReadonlyMap<string, KeyPlan>): (part: Formula) => string {
  const planOf = (key: string): KeyPlan => {
    const plan = plans.get(key);
    if (plan === undefined) throw new NoScript(`key \`${key}\` was not planned`);
    return plan;
  };
  const present = (key: string) => anyOf(planOf(key).slots.map(({ active }) => active));
  const several = (key: string) => {
    const plan = planOf(key);
    if (plan.isSingle) return 'false';
    if (plan.slots.length === 1) return severalFlag(plan);
    return anyOf(pairs(plan.slots).map(([a, b]) => `(and ${a.active} ${b.active} ${differ(plan, a, b)})`));
  };
  // The one value of a key with a single value is that of any active slot; slots beyond hold equal ones.
  const variable = (
    key: string,
  ): { guard: string; options: readonly { active: string; name: string }[] } => ({
    guard: planOf(key).isSingle ? 'true' : `(not ${several(key)})`,
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
        return anyOf(
          groupByVariables(part.globs).map(({ globs, keys }) =>
            withVariables(keys, (nameOf) => inScalar(part.attribute, globs, nameOf)),
          ),
        );
      case 'present':
        return present(part.key);
      case 'several':
        return several(part.key);
      case 'some':
        return anyOf(
          planOf(part.key).slots.map(({ active, name }) => {
            const passes = printTest(part.test, name, planOf(part.key));
            return `(and ${active} ${part.negated ? `(not ${passes})` : passes})`;
          }),
        );
    }
  };
  /** A glob holds with the single value of each key put in; false when a key has not exactly one. */
  const withVariables = (
    keys: readonly string[],
    body: (nameOf: (key: string) => string | undefined) => string,
  ): string => {
    const choose = (rest: readonly string[], chosen: ReadonlyMap<string, string>): string => {
      const [key, ...others] = rest;
      if (key === undefined) return body((name) => chosen.get(name));
      const { guard, options } = variable(key);
      return `(and ${guard} ${anyOf(options.map(({ active, name }) => `(and ${active} ${choose(others, new Map([...chosen, [key, name]]))})`))})`;
    };
    return choose(keys, new Map());
  };
  const printTest = (test: ValueTest, name: string, { families }: KeyPlan): string => {
    if (families.has('empty') && isEmptyText(test)) return `${name}_is_empty`;
    switch (test.kind) {
      case 'text':
        return anyOf(
          groupByVariables(test.globs).map(({ globs, keys }) =>
            withVariables(keys, (nameOf) => inGlobs(name, globs, nameOf)),
          ),
        );
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
  const read = [...families].filter((family) => family !== 'empty');
  const bothEmpty = families.has('empty') ? [`(not (and ${a.name}_is_empty ${b.name}_is_empty))`] : [];
  // Two texts may be one number, one instant, one run of bytes or one address: see `respell`.
  if (!families.has('text') && (families.has('number') || families.has('date') || read.length > 1))
    return allOf(bothEmpty);
  const views = read.flatMap((family) => VIEWS[family]);
  const differing = [
    ...views.map(({ suffix }) => `(not (= ${a.name}${suffix} ${b.name}${suffix}))`),
    ...(families.has('binary') && read.length === 1 ? [`(str.suffixof "=" ${a.name}_bytes)`] : []),
    ...(families.has('ip') && read.length === 1 ? [`${a.name}_is_v6`, `(not ${a.name}_is_address)`] : []),
  ];
  return allOf([anyOf(differing), ...bothEmpty]);
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

/** The values with those that come again spelled otherwise, or changed where they cannot be: a model is tried in any case. */
function respellEqual(values: readonly string[], { families, type }: KeyPlan): string[] {
  const distinct: string[] = [];
  for (const value of values) {
    if (!distinct.includes(value)) {
      distinct.push(value);
      continue;
    }
    if (families.has('empty') && value === '') continue;
    const others = [...families, type].flatMap((view) =>
      view === 'text' || view === 'boolean' || view === 'empty' ? [] : (respell(view, value) ?? []),
    );
    const [other = type === 'boolean' ? otherWord(value) : `${value}1`] = others;
    if (!distinct.includes(other)) distinct.push(other);
  }
  return distinct;
}

/** Two families other than `empty`, which is tied to each. */
function isMixed({ families }: KeyPlan): boolean {
  return families.size > (families.has('empty') ? 2 : 1);
}

function otherWord(value: string): string {
  return value === 'true' ? 'false' : 'true';
}

function decode(values: ReadonlyMap<string, string>, plans: ReadonlyMap<string, KeyPlan>): Model {
  const text = (name: string) => unescapeLiteral(values.get(name) ?? '""');
  const keys = toTable<readonly string[]>();
  for (const plan of plans.values()) {
    const found = plan.slots
      .filter(({ active }) => values.get(active) === 'true')
      .map(({ name }) => valueIn(plan, name, values));
    // Where only "several" matters the values do not: any two will do.
    const isSeveral = plan.slots.length === 1 && values.get(severalFlag(plan)) === 'true';
    const list = isSeveral ? [...found, ...found] : found;
    if (list.length > 0) keys[plan.key] = respellEqual(list, plan);
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
