/** The language's vectors: what documents grant, and what is wrong with those that are refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../shared/evaluator/evaluate.ts';
import { parseRequest } from '../../shared/evaluator/parseRequest.ts';
import type { PolicyType } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';

type Row = {
  readonly name: string;
  readonly source: string;
  readonly policyType: PolicyType;
  /** An object, or the text itself where places matter. */
  readonly policy: unknown;
} & (
  | { readonly request: unknown; readonly expected: 'granted' | 'not-granted' }
  | {
      readonly problems: readonly {
        readonly path: string;
        readonly line?: number;
        readonly column?: number;
        readonly messageIncludes: string;
      }[];
    }
);

const folder = new URL('./language/', import.meta.url);

function rowsOf(file: string): Row[] {
  const lines = readFileSync(new URL(file, folder), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

const textOf = (policy: unknown) => (typeof policy === 'string' ? policy : JSON.stringify(policy));

describe.each(readdirSync(folder).filter((name) => name.endsWith('.jsonl')))('%s', (file) => {
  it.each(rowsOf(file))('$name', (row) => {
    const parsed = parsePolicy(textOf(row.policy), { policyType: row.policyType });
    if ('problems' in row) {
      const problems = parsed.ok ? [] : parsed.problems;
      expect(problems.map(({ path, position, message }) => ({ path, ...position, message }))).toEqual(
        row.problems.map(({ path, line, column, messageIncludes }) => ({
          path,
          ...(line === undefined ? {} : { line, column, offset: expect.any(Number) }),
          message: expect.stringContaining(messageIncludes),
        })),
      );
      return;
    }
    const asked = parseRequest(row.request, { policyType: row.policyType });
    if (!parsed.ok || !asked.ok) {
      expect.fail(
        JSON.stringify({ parsed: !parsed.ok && parsed.problems, asked: !asked.ok && asked.problems }),
      );
    }

    const { granted } = evaluatePolicy(parsed.policy, asked.request);

    expect(granted ? 'granted' : 'not-granted').toBe(row.expected);
  });
});
