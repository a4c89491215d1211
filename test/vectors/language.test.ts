/** The language's vectors: what documents grant, and what is wrong with those that are refused. */
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../shared/evaluator/evaluate.ts';
import { parseRequest } from '../../shared/evaluator/parseRequest.ts';
import { OPERATORS } from '../../shared/policy/operators.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { LANGUAGE_FILES, rowsOf, textOf } from './rows.ts';

describe.each(LANGUAGE_FILES)('%s', (file) => {
  it.each(rowsOf(file))('$name', (row) => {
    const parsed = parsePolicy(textOf(row), { policyType: row.policyType });
    if ('problems' in row) {
      const problems = parsed.ok ? [] : parsed.problems;
      expect(problems.map(({ path, position, message }) => ({ path, ...position, message }))).toEqual(
        row.problems.map(({ messageIncludes, ...place }) => ({
          ...place,
          offset: expect.any(Number),
          message: expect.stringContaining(messageIncludes),
        })),
      );
      return;
    }
    const asked = parseRequest(row.request, { policyType: row.policyType });
    if (!parsed.ok || !asked.ok) expect.fail(JSON.stringify({ parsed, asked }));

    const { granted } = evaluatePolicy(parsed.policy, asked.request);

    expect(granted ? 'granted' : 'not-granted').toBe(row.expected);
  });
});

describe('operators.jsonl', () => {
  const rows = rowsOf('operators.jsonl');
  const forms = OPERATORS.flatMap(({ name, kind }) =>
    ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((quantifier) =>
      kind === 'null' ? [`${quantifier}${name}`] : [`${quantifier}${name}`, `${quantifier}${name}IfExists`],
    ),
  );

  it.each(forms)('tries %s', (form) => {
    expect(rows.filter((row) => textOf(row).includes(`"Condition":{"${form}":`)).length).toBeGreaterThan(1);
  });
});
