/** Condition blocks. Source: IAM User Guide, "IAM JSON policy elements: Condition". */
import type { ArnPattern, Condition, ConditionTest, Decimal, IpRange, Pattern } from './ast.ts';
import { parseCidr } from './cidr.ts';
import { parseDecimal } from './decimal.ts';
import { parseInstant } from './instant.ts';
import { pathOf } from './jsonDocument.ts';
import { type Operator, parseOperator } from './operators.ts';
import { parseArnFields, parsePattern, splitArnText } from './parsePattern.ts';
import { isObject, type Reporter } from './reporter.ts';

/** Returns the conditions of a statement; problems go to the reporter. */
export function parseConditions(block: unknown, path: string, report: Reporter): Condition[] {
  if (!isObject(block)) {
    report.problem(path, '`Condition` must be an object of operators');
    return [];
  }
  const conditions: Condition[] = [];
  for (const name of Object.keys(block)) {
    const operatorPath = pathOf(path, name);
    const use = parseOperator(name);
    const keys = block[name];
    if (use === undefined) {
      report.problem(operatorPath, `\`${name}\` is not a condition operator`);
      continue;
    }
    if (!isObject(keys)) {
      report.problem(operatorPath, `\`${name}\` must be an object of context keys`);
      continue;
    }
    if (Object.keys(keys).length === 0)
      report.warning(operatorPath, `\`${name}\` without a key tests nothing`);
    for (const keyText of Object.keys(keys)) {
      const keyPath = pathOf(operatorPath, keyText);
      if (keyText.trim() === '') report.problem(keyPath, 'a context key must have a name');
      report.characters(keyText, keyPath);
      const test = parseTest(use.operator, valuesOf(keys[keyText], keyPath, report), { keyPath, report });
      conditions.push({
        operator: name,
        keyText,
        key: keyText.toLowerCase(),
        ...(use.quantifier === undefined ? {} : { quantifier: use.quantifier }),
        ifExists: use.ifExists,
        negated: use.operator.negated,
        test,
      });
    }
  }
  return conditions;
}

type Value = { readonly text: string; readonly path: string };

/** A value or a list of values, each as the text it stands for. */
function valuesOf(value: unknown, path: string, report: Reporter): Value[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) report.warning(path, 'an empty list of values matches nothing');
  return list.flatMap((member, index) => {
    const memberPath = Array.isArray(value) ? `${path}[${index}]` : path;
    if (typeof member === 'string') {
      report.characters(member, memberPath);
      return [{ text: member, path: memberPath }];
    }
    if (typeof member === 'boolean') return [{ text: String(member), path: memberPath }];
    if (typeof member === 'number')
      return [{ text: report.numberText(member, memberPath), path: memberPath }];
    report.problem(memberPath, 'a condition value must be a string, a number or a boolean');
    return [];
  });
}

type Place = { readonly keyPath: string; readonly report: Reporter };

function parseTest(operator: Operator, values: readonly Value[], { report }: Place): ConditionTest {
  switch (operator.kind) {
    case 'string': {
      const syntax = { wildcards: operator.wildcards === true, variables: report.variables };
      const patterns = collect<Pattern>(values, report, ({ text }) => {
        const pattern = parsePattern(text, syntax);
        return 'problem' in pattern ? pattern.problem : { value: pattern };
      });
      return { kind: 'string', foldCase: operator.foldCase === true, patterns };
    }
    case 'arn': {
      const complete: ArnPattern[] = [];
      const patterns = collect<ArnPattern>(values, report, ({ text, path }) => {
        const fields = splitArnText(text, report.variables);
        // A lone `*` is every ARN, as it is every resource.
        const isComplete = fields.length === 6 || /^\*+$/.test(text);
        const isArn = fields.length === 6 || /^arn$|[*?]/.test(fields[0] ?? '');
        while (fields.length < 6) fields.push('*');
        const parts = parseArnFields(fields, report.variables);
        if ('problem' in parts) return parts.problem;
        if (!isArn) {
          report.warning(path, `\`${text}\` has fewer than six parts and matches no ARN`);
          return undefined;
        }
        if (isComplete) complete.push(parts);
        else
          report.warning(
            path,
            `\`${text}\` is an incomplete ARN; AWS may complete it or match nothing with it`,
          );
        return { value: parts };
      });
      return complete.length === patterns.length
        ? { kind: 'arn', patterns }
        : { kind: 'arn', patterns, complete };
    }
    case 'number':
    case 'date': {
      const parse = operator.kind === 'number' ? parseDecimal : parseInstant;
      const what =
        operator.kind === 'number' ? 'a decimal number' : 'a date; write ISO 8601 or epoch seconds';
      const decimals = collect<Decimal>(values, report, ({ text }) => {
        const value = parse(text);
        return value === undefined ? `\`${text}\` is not ${what}` : { value };
      });
      return { kind: operator.kind, comparison: operator.comparison ?? '=', values: decimals };
    }
    case 'bool':
      return { kind: 'bool', values: booleans(values, report) };
    case 'null':
      return { kind: 'null', values: booleans(values, report) };
    case 'binary':
      return {
        kind: 'binary',
        values: collect<string>(values, report, ({ text }) => {
          const value = canonicalBase64(text);
          return value === undefined ? `\`${text}\` is not base64` : { value };
        }),
      };
    case 'ip':
      return {
        kind: 'ip',
        ranges: collect<IpRange>(values, report, ({ text }) => {
          const value = parseCidr(text);
          return value === undefined ? `\`${text}\` is not an address or CIDR range` : { value };
        }),
      };
  }
}

function booleans(values: readonly Value[], report: Reporter): boolean[] {
  return collect<boolean>(values, report, ({ text }) => {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false'
      ? { value: lower === 'true' }
      : `\`${text}\` is not true or false`;
  });
}

/** Returns what `parse` makes of each value; a string is a problem, undefined is left out. */
function collect<T>(
  values: readonly Value[],
  report: Reporter,
  parse: (value: Value) => { readonly value: T } | string | undefined,
): T[] {
  const parsed: T[] = [];
  for (const value of values) {
    const result = parse(value);
    if (typeof result === 'string') report.problem(value.path, result);
    else if (result !== undefined) parsed.push(result.value);
  }
  return parsed;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Returns the canonical base64 of the same bytes, or undefined when the text is not base64. */
export function canonicalBase64(text: string): string | undefined {
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('base64') : undefined;
}
