/** The encoder's formulas say of each request of the language's vectors what the vectors say. */
import { describe, expect, it } from 'vitest';
import { encodeSet, grants } from '../../shared/encoder/question.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import { evaluateFormula } from '../../shared/formula/evaluateFormula.ts';
import type { Model } from '../../shared/formula/formula.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { type GrantRow, LANGUAGE_FILES, rowsOf, textOf } from './rows.ts';

/** The request as a formula sees it: folded action, principal as one text, keys in lower case. */
function toModel({ action, resource, principal, context }: Request): Model {
  const keys = Object.entries(context)
    .filter(([, values]) => values.length > 0)
    .map(([key, values]) => [key.toLowerCase(), [...new Set(values)]]);
  return {
    scalars: { action: action.toLowerCase(), resource, principal: principalText(principal) },
    keys: Object.fromEntries(keys),
  };
}

const SESSION = /^arn:([^:]+):sts::([^:]+):assumed-role\/([^/]+)\/(.+)$/;

function principalText(principal: Request['principal']): string {
  if (principal === undefined) return 'Anonymous:';
  const { type, value, sessionOf } = principal;
  if (type !== 'AWS') return `${type}:${value}`;
  const [, partition, account, role, session] = SESSION.exec(value) ?? [];
  if (session !== undefined) return `AWS:${session}:arn:${partition}:iam::${account}:role/${role}`;
  if (sessionOf !== undefined) return `AWS:${sessionOf.split(':').slice(5).join(':')}:${value}`;
  return value.startsWith('arn:') ? `AWS::${value}` : `AWSID:${value}`;
}

const isGrantRow = (row: ReturnType<typeof rowsOf>[number]): row is GrantRow => 'request' in row;

const rowsByFile = LANGUAGE_FILES.map((file) => [file, rowsOf(file).filter(isGrantRow)] as const);

describe.each(rowsByFile.filter(([, rows]) => rows.length > 0))('%s', (_, rows) => {
  it.each(rows)('$name', (row) => {
    const parsed = parsePolicy(textOf(row), { policyType: row.policyType });
    if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
    const set = { policies: [{ name: '', policy: parsed.policy }] };

    const formula = grants(encodeSet(set, { linkPrincipal: false }));

    expect(evaluateFormula(formula, toModel(row.request))).toBe(row.expected === 'granted');
  });
});
