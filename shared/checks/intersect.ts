/**
 * What two Allow statements both allow, as statements of the grammar. Works on the JSON, since the result is written
 * back. What has no common form is left out: the result allows no more than both, and sometimes less.
 */
import { parseArn } from '../policy/arn.ts';

/** A statement as JSON. Its elements were checked by the parser. */
export type StatementJson = { readonly [element: string]: unknown };

/** One member of a principal element: `*`, or a kind and a value. */
export type PrincipalMember = { readonly kind: string; readonly value: string };

/** Beyond so many patterns in the meet of two, the rest is left out. */
const MAX_MEETS = 8;

/** Returns a list element's members. */
export function membersOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Returns the members of `Principal`. */
export function principalsOf(value: unknown): PrincipalMember[] {
  if (typeof value === 'string') return [{ kind: value === '*' ? '*' : 'AWS', value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([kind, list]) =>
    membersOf(list).map((member) => ({ kind, value: String(member) })),
  );
}

/** Returns the element that has those members, one kind a key. */
export function toPrincipal(members: readonly PrincipalMember[]): unknown {
  if (members.some(({ kind }) => kind === '*')) return '*';
  const kinds = new Map<string, string[]>();
  for (const { kind, value } of members) kinds.set(kind, [...(kinds.get(kind) ?? []), value]);
  return Object.fromEntries([...kinds].map(([kind, list]) => [kind, list.length === 1 ? list[0] : list]));
}

/** Returns statements that together allow only what both do; none where they have nothing in common that can be written. */
export function intersect(a: StatementJson, b: StatementJson): StatementJson[] {
  const condition = bothConditions(a['Condition'], b['Condition']);
  if (condition === undefined) return [];
  const actions = bothLists(a, b, { plain: 'Action', negated: 'NotAction' }, meetActions);
  const resources = bothLists(a, b, { plain: 'Resource', negated: 'NotResource' }, meetResources);
  const principals = bothPrincipals(a, b);
  const {
    Action: _a,
    NotAction: _na,
    Resource: _r,
    NotResource: _nr,
    Principal: _p,
    NotPrincipal: _np,
    Condition: _c,
    ...rest
  } = a;
  const made: StatementJson[] = [];
  for (const principal of principals)
    for (const action of actions)
      for (const resource of resources)
        made.push({
          ...rest,
          ...principal,
          ...action,
          ...resource,
          ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
        });
  return made;
}

type Names = { readonly plain: string; readonly negated: string };

/** The forms that the meet of one element can take. Which of two is right, the check tells. */
function bothLists(
  a: StatementJson,
  b: StatementJson,
  { plain, negated }: Names,
  meet: (a: string, b: string) => string[],
): StatementJson[] {
  const listOf = (statement: StatementJson, name: string) =>
    name in statement ? membersOf(statement[name]).map(String) : undefined;
  const [inA, inB] = [listOf(a, plain), listOf(b, plain)];
  const [outA, outB] = [listOf(a, negated), listOf(b, negated)];
  if (inA !== undefined && inB !== undefined) {
    const known = new Set(inB);
    const both = inA.flatMap((one) => (known.has(one) ? [one] : inB.flatMap((other) => meet(one, other))));
    const found = withoutCovered([...new Set(both)]);
    return found.length === 0 ? [] : [{ [plain]: oneOrList(found) }];
  }
  if (outA !== undefined && outB !== undefined)
    return [{ [negated]: oneOrList([...new Set([...outA, ...outB])]) }];
  // One lists, the other excludes: the list where nothing of it is excluded, else what the broader one says.
  const list = inA ?? inB;
  const excluded = outA ?? outB;
  if (list === undefined) return excluded === undefined ? [{}] : [{ [negated]: oneOrList(excluded) }];
  if (excluded === undefined) return [{ [plain]: oneOrList(list) }];
  const left = list.filter((one) => excluded.every((other) => meet(one, other).length === 0));
  const forms: StatementJson[] = left.length === 0 ? [] : [{ [plain]: oneOrList(left) }];
  return list.includes('*') ? [...forms, { [negated]: oneOrList(excluded) }] : forms;
}

function oneOrList(list: readonly string[]): unknown {
  return list.length === 1 ? list[0] : list;
}

function bothPrincipals(a: StatementJson, b: StatementJson): StatementJson[] {
  const [notA, notB] = [a['NotPrincipal'], b['NotPrincipal']];
  if (notA !== undefined || notB !== undefined)
    return JSON.stringify(notA) === JSON.stringify(notB) ? [{ NotPrincipal: notA }] : [];
  if (a['Principal'] === undefined || b['Principal'] === undefined) return [{}];
  const [ofA, ofB] = [principalsOf(a['Principal']), principalsOf(b['Principal'])];
  const both = ofA.flatMap((one) => ofB.flatMap((other) => meetPrincipals(one, other)));
  const known = new Map(both.map((member) => [`${member.kind} ${member.value}`, member]));
  return known.size === 0 ? [] : [{ Principal: toPrincipal([...known.values()]) }];
}

function meetPrincipals(a: PrincipalMember, b: PrincipalMember): PrincipalMember[] {
  const isEveryone = ({ kind, value }: PrincipalMember) => kind === '*' || (kind === 'AWS' && value === '*');
  if (isEveryone(a)) return [b];
  if (isEveryone(b)) return [a];
  if (a.kind !== b.kind) return [];
  if (a.value === b.value) return [a];
  if (a.kind !== 'AWS') return [];
  const accountOf = ({ value }: PrincipalMember) =>
    /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1];
  const roleOf = ({ value }: PrincipalMember) =>
    /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/u.exec(value);
  const sessionOf = ({ value }: PrincipalMember) =>
    /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\//u.exec(value);
  const isSessionOf = (session: PrincipalMember, role: PrincipalMember) =>
    sessionOf(session) !== null && sessionOf(session)?.slice(1).join() === roleOf(role)?.slice(1).join();
  if (isSessionOf(a, b)) return [a];
  if (isSessionOf(b, a)) return [b];
  const holderOf = ({ value }: PrincipalMember) => parseArn(value).accountId;
  if (accountOf(a) !== undefined && accountOf(a) === accountOf(b)) return [a];
  if (accountOf(a) !== undefined && accountOf(a) === holderOf(b)) return [b];
  if (accountOf(b) !== undefined && accountOf(b) === holderOf(a)) return [a];
  return [];
}

function meetActions(a: string, b: string): string[] {
  return meetPatterns(a, b, true);
}

/** Part by part, as they are matched. */
function meetResources(a: string, b: string): string[] {
  if (a === b || b === '*') return [a];
  if (a === '*') return [b];
  const split = (text: string) => {
    const parts = text.split(':');
    // Fields that are missing are any, where AWS reads them at all.
    return Array.from({ length: 6 }, (_, index) =>
      index === 5 && parts.length > 5 ? parts.slice(5).join(':') : (parts[index] ?? '*'),
    );
  };
  const [ofA, ofB] = [split(a), split(b)];
  let texts = [''];
  for (const [index, part] of ofA.entries()) {
    const met = meetPatterns(part, ofB[index] ?? '', false);
    texts = texts
      .flatMap((text) => met.map((one) => (index === 0 ? one : `${text}:${one}`)))
      .slice(0, MAX_MEETS);
  }
  return texts;
}

/** Returns patterns that match only what both match: all of it, up to the bound and but for variables. */
export function meetPatterns(a: string, b: string, foldCase: boolean): string[] {
  if (a === b || b === '*') return [a];
  if (a === '*') return [b];
  const [x, y] = [tokensOf(a), tokensOf(b)];
  const same = (one: string, other: string) =>
    one === other || (foldCase && one.toLowerCase() === other.toLowerCase());
  const memo = new Map<number, readonly string[]>();
  const meet = (i: number, j: number): readonly string[] => {
    const key = i * (y.length + 1) + j;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const [p, q] = [x[i], y[j]];
    let found: string[] = [];
    if (p === undefined && q === undefined) found = [''];
    else if (p === '*' && q === '*')
      found = [...meet(i + 1, j), ...meet(i, j + 1)].map((rest) =>
        rest.startsWith('*') ? rest : `*${rest}`,
      );
    else if (p === '*')
      found = [...meet(i + 1, j), ...(q === undefined ? [] : meet(i, j + 1).map((rest) => q + rest))];
    else if (q === '*')
      found = [...meet(i, j + 1), ...(p === undefined ? [] : meet(i + 1, j).map((rest) => p + rest))];
    else if (p !== undefined && q !== undefined) {
      const one =
        same(p, q) || (q === '?' && p.length === 1) ? p : p === '?' && q.length === 1 ? q : undefined;
      if (one !== undefined) found = meet(i + 1, j + 1).map((rest) => one + rest);
    }
    const few = withoutCovered([...new Set(found)]).slice(0, MAX_MEETS);
    memo.set(key, few);
    return few;
  };
  return [...meet(0, 0)];
}

/**
 * The values that both lists of a string operator match; undefined where the meet of lists does not say it: one of
 * several values may match the one list and another the other, and variables have no meet.
 */
function meetValues(operator: string, a: readonly string[], b: readonly string[]): string[] | undefined {
  const [, kind] = /^(?:ForAllValues:)?String(Equals|Like)(?:IfExists)?$/u.exec(operator) ?? [];
  if (kind === undefined || [...a, ...b].some((value) => value.includes('${'))) return undefined;
  const meet = (one: string, other: string) =>
    kind === 'Like' ? meetPatterns(one, other, false) : one === other ? [one] : [];
  const met = withoutCovered([...new Set(a.flatMap((one) => b.flatMap((other) => meet(one, other))))]);
  return met.length === 0 && operator.startsWith('ForAllValues:') ? undefined : met;
}

/** Characters, and variables as one each: a variable meets itself and `*`. */
function tokensOf(pattern: string): string[] {
  return pattern.match(/\$\{[^}]*\}|[\s\S]/gu) ?? [];
}

/** The patterns that no other of the list matches letter by letter. */
function withoutCovered(patterns: readonly string[]): string[] {
  const wild = patterns.filter((pattern) => pattern.includes('*'));
  if (wild.length === 0) return [...patterns];
  const tests = wild.map((pattern) => ({
    pattern,
    test: new RegExp(
      `^${pattern
        .split('*')
        .map((text) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&'))
        .join('[^]*')}$`,
    ),
  }));
  return patterns.filter((one) => !tests.some(({ pattern, test }) => pattern !== one && test.test(one)));
}

type ConditionJson = { readonly [operator: string]: { readonly [key: string]: unknown } };

/** Both conditions ANDed; undefined where one block would need an operator and key twice and no other form says it. */
function bothConditions(a: unknown, b: unknown): ConditionJson | undefined {
  const result: { [operator: string]: { [key: string]: unknown } } = {};
  for (const [operator, keys] of Object.entries((a ?? {}) as ConditionJson)) result[operator] = { ...keys };
  for (const [operator, keys] of Object.entries((b ?? {}) as ConditionJson)) {
    for (const [key, values] of Object.entries(keys)) {
      const there = Object.keys(result[operator] ?? {}).find(
        (name) => name.toLowerCase() === key.toLowerCase(),
      );
      if (there === undefined) {
        result[operator] = { ...result[operator], [key]: values };
        continue;
      }
      const [old, more] = [membersOf(result[operator]?.[there]).map(String), membersOf(values).map(String)];
      const sameValues = old.length === more.length && old.every((value) => more.includes(value));
      if (sameValues) continue;
      const met = meetValues(operator, old, more);
      if (met !== undefined) {
        const isFree = Object.keys(result['Null'] ?? {}).every(
          (name) => name.toLowerCase() !== key.toLowerCase(),
        );
        if (met.length > 0) result[operator] = { ...result[operator], [there]: oneOrList(met) };
        // No value does for both, so the key must be absent, where it may be.
        else if (operator.endsWith('IfExists') && isFree)
          result['Null'] = { ...result['Null'], [key]: 'true' };
        else return undefined;
        continue;
      }
      if (operator.includes('Not') && !operator.startsWith('ForAnyValue:')) {
        // Neither of these nor of those is none of all.
        result[operator] = { ...result[operator], [there]: [...new Set([...old, ...more])] };
        continue;
      }
      const second = `${operator}IfExists`;
      const isFree = Object.keys(result[second] ?? {}).every(
        (name) => name.toLowerCase() !== key.toLowerCase(),
      );
      // The first asks for the key, so the second, which would do without, asks the same.
      if (operator.endsWith('IfExists') || operator === 'Null' || !isFree) return undefined;
      result[second] = { ...result[second], [key]: values };
    }
  }
  return result;
}
