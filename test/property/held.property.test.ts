/** Laws of documents that AWS holds: what cannot be read is bounded by all that it may mean. A failure prints its seed. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { type Document, edits, statements } from './arbitraries.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);
const TYPES: readonly PolicyType[] = ['IDENTITY_POLICY', 'RESOURCE_POLICY'];
const engine = createEngine({ solver: 'atoms' });
afterAll(() => engine.close());

function held(document: Document, policyType: PolicyType): Policy {
  const parsed = parsePolicy(JSON.stringify(document), { policyType, held: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const plus = (document: Document, ...more: Document['Statement']): Document => ({
  ...document,
  Statement: [...document.Statement, ...more],
});

describe.each(TYPES)('%s', (policyType) => {
  // In both documents, in one, or in the other.
  const places = fc.constantFrom([true, true], [true, false], [false, true]);

  it('what holds whatever a condition means holds for each meaning that it may have', async () => {
    await fc.assert(
      fc.asyncProperty(edits(policyType), statements(policyType), places, async (edit, statement, place) => {
        const [before, after] = place;
        const ask = async (...more: Document['Statement']) => {
          const existing = plus(edit.existing, ...(before ? more : []));
          const updated = plus(edit.updated, ...(after ? more : []));
          return (await engine.checkNoNewAccess(held(existing, policyType), held(updated, policyType)))
            .result;
        };
        const { Condition: condition = {}, ...rest } = statement;
        const odd = { ...rest, Condition: { ...(condition as object), a: { 'b:c': 'd' } } };

        const result = await ask(odd);

        if (result === 'UNKNOWN') return;
        const opposite = result === 'PASS' ? 'FAIL' : 'PASS';
        // That the condition never holds; then that it always does, which an odd Deny is not taken to say.
        expect(await ask()).not.toBe(opposite);
        if (result === 'PASS' || statement['Effect'] === 'Allow') {
          expect(await ask({ ...rest, Condition: condition })).not.toBe(opposite);
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });
});
