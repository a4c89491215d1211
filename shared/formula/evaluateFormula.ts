/** The concrete truth of formulas: what they mean, said without any solver. Deciders check their models against it. */
import type { Comparison, Decimal } from '../policy/ast.ts';
import { parseAddress } from '../policy/cidr.ts';
import { compareDecimals, parseDecimal } from '../policy/decimal.ts';
import { foldChar } from '../policy/foldChar.ts';
import { parseInstant } from '../policy/instant.ts';
import { canonicalBase64 } from '../policy/parseCondition.ts';
import type { CharClass, Formula, Glob, GlobToken, KeyType, Model, Question, ValueTest } from './formula.ts';

type ValueOf = (key: string) => readonly string[];

/** Returns true iff the model is within the question's domains, key types and numbers of values and makes its formula true. */
export function evaluateQuestion(
  { formula, domains, keyTypes, isSingleValued }: Question,
  model: Model,
): boolean {
  const { action, resource, principal } = model.scalars;
  const inDomain =
    matchesSome(domains.action, action) &&
    matchesSome(domains.resource, resource) &&
    matchesSome(domains.principal, principal);
  if (!inDomain) return false;
  for (const [key, values] of Object.entries(model.keys)) {
    if (!values.every((value) => isOfType(keyTypes[key] ?? 'text', value))) return false;
    if (new Set(values).size > 1 && isSingleValued(key)) return false;
  }
  return evaluateFormula(formula, model);
}

/** Returns true iff the model makes the formula true. */
export function evaluateFormula(formula: Formula, model: Model): boolean {
  const valuesOf: ValueOf = (key) => (Object.hasOwn(model.keys, key) ? [...new Set(model.keys[key])] : []);
  const evaluate = (part: Formula): boolean => {
    switch (part.kind) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'and':
        return part.args.every(evaluate);
      case 'or':
        return part.args.some(evaluate);
      case 'not':
        return !evaluate(part.arg);
      case 'member':
        return matchesSome(part.globs, model.scalars[part.attribute], valuesOf);
      case 'present':
        return valuesOf(part.key).length > 0;
      case 'several':
        return valuesOf(part.key).length > 1;
      case 'some':
        return valuesOf(part.key).some(
          (value) => evaluateValueTest(part.test, value, valuesOf) !== part.negated,
        );
    }
  };
  return evaluate(formula);
}

const none: ValueOf = () => [];

/** Returns true iff the value passes the test; `valuesOf` gives the values of variables' keys. */
export function evaluateValueTest(test: ValueTest, value: string, valuesOf: ValueOf = none): boolean {
  switch (test.kind) {
    case 'text':
      return matchesSome(test.globs, value, valuesOf);
    case 'number':
      return compares(parseDecimal(value), test);
    case 'date':
      return compares(parseInstant(value), test);
    case 'binary': {
      const bytes = canonicalBase64(value);
      return bytes !== undefined && test.values.includes(bytes);
    }
    case 'ip': {
      const address = parseAddress(value);
      return (
        address !== undefined &&
        test.ranges.some(
          ({ version, first, last }) =>
            version === address.version && address.value >= first && address.value <= last,
        )
      );
    }
  }
}

/** Returns true iff a key of the type can hold the value. */
export function isOfType(type: KeyType, value: string): boolean {
  switch (type) {
    case 'text':
      return true;
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'number':
      return parseDecimal(value) !== undefined;
    case 'date':
      return parseInstant(value) !== undefined;
    case 'ip':
      return parseAddress(value) !== undefined;
  }
}

function compares(
  value: Decimal | undefined,
  test: { comparison: Comparison; values: readonly Decimal[] },
): boolean {
  if (value === undefined) return false;
  return test.values.some((bound) => {
    const order = compareDecimals(value, bound);
    if (order === 0) return test.comparison.endsWith('=');
    return test.comparison.startsWith(order < 0 ? '<' : '>');
  });
}

/** Returns true iff the text matches one of the globs. */
function matchesSome(globs: readonly Glob[], value: string, valuesOf: ValueOf = none): boolean {
  let chars: number[] | undefined;
  return globs.some((glob) => {
    const head = glob[0];
    if (head?.kind === 'text' && head.foldCase !== true) {
      // Most globs are one text, or differ from most texts in their first characters; then nothing need be built.
      if (glob.length === 1) return value === head.text;
      if (!value.startsWith(head.text)) return false;
    }
    chars ??= codePointsOf(value);
    return matchesGlob(glob, chars, valuesOf);
  });
}

function codePointsOf(value: string): number[] {
  const points: number[] = [];
  for (let at = 0; at < value.length; at++) {
    const point = value.codePointAt(at) ?? 0;
    if (point > 0xffff) at++;
    points.push(point);
  }
  return points;
}

/** Ends reachable after each token, as ascending offsets: quadratic at worst. */
function matchesGlob(glob: Glob, chars: readonly number[], valuesOf: ValueOf): boolean {
  let ends = [0];
  for (let index = 0; index < glob.length; index++) {
    const token = glob[index] as GlobToken; // The index is in range.
    const next: number[] = [];
    if (token.kind === 'star') {
      // It can only end where a text begins that stands behind it.
      const wanted = firstCharOf(glob[index + 1]);
      let last = -1;
      for (const start of ends) {
        // What the star reached from before, it reaches from here too.
        if (start <= last) continue;
        for (let at = start; at <= chars.length; at++) {
          if (wanted === undefined || chars[at] === wanted) next.push(at);
          last = at;
          if (!inClass(chars[at] ?? 0, token.of)) break;
        }
      }
    } else {
      for (const start of ends) {
        const end = endOf(token, chars, start, valuesOf);
        if (end !== undefined) next.push(end);
      }
    }
    if (next.length === 0) return false;
    ends = next;
  }
  return ends.at(-1) === chars.length;
}

/** The character that a text begins with; undefined where others could begin it too. */
function firstCharOf(token: GlobToken | undefined): number | undefined {
  return token?.kind === 'text' && token.foldCase !== true ? token.text.codePointAt(0) : undefined;
}

function endOf(
  token: Exclude<GlobToken, { kind: 'star' }>,
  chars: readonly number[],
  start: number,
  valuesOf: ValueOf,
): number | undefined {
  if (token.kind === 'one') {
    const char = chars[start];
    return char !== undefined && inClass(char, token.of) ? start + 1 : undefined;
  }
  const fold = token.foldCase === true;
  let text: string;
  if (token.kind === 'text') {
    text = token.text;
  } else {
    const [value, ...others] = valuesOf(token.key);
    if (value === undefined || others.length > 0) return undefined;
    text = value;
  }
  let at = start;
  for (const letter of text) {
    const wanted = letter.codePointAt(0) ?? 0;
    const found = chars[at];
    if (found === undefined || (found !== wanted && !(fold && foldChar(found) === foldChar(wanted))))
      return undefined;
    at++;
  }
  return at;
}

function inClass(char: number, of: CharClass): boolean {
  switch (of) {
    case 'any':
      return true;
    case 'notColon':
      return char !== 58;
    case 'notSlashOrColon':
      return char !== 58 && char !== 47;
    case 'lowerOrDigit':
      return (char >= 97 && char <= 122) || (char >= 48 && char <= 57);
    case 'digit':
      return char >= 48 && char <= 57;
  }
}
