/** Documents as AWS stores them, each with where it was found: none is refused, and each passes against itself. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import type { PolicyType } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';

type Row = { readonly name: string; readonly policyType: PolicyType; readonly policy: unknown };

const engine = createEngine();
afterAll(() => engine.close());

const rows: Row[] = readFileSync(new URL('./held/documents.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

describe('a document that AWS stores', () => {
  it.each(rows)('$name', async ({ policy, policyType }) => {
    const text = JSON.stringify(policy);
    const [one, same] = [text, ` ${text}`].map((source) => parsePolicy(source, { policyType, held: true }));
    if (!one?.ok || !same?.ok) expect.fail(JSON.stringify({ one, same }));

    expect((await engine.checkNoNewAccess(one.policy, same.policy)).result).toBe('PASS');
  });
});
