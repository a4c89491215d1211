/** Every version of AWS's managed policies: what is in force everywhere is read in full and adds nothing to itself. */
import { afterAll, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { corpusPairs } from '../bench/corpus.ts';

const engine = createEngine();
afterAll(() => engine.close());

it('each version is read in full, in one reading, and passes against itself', async () => {
  const texts = new Set(corpusPairs().flatMap(({ before, after }) => [before, after]));
  const odd: unknown[] = [];
  for (const text of texts) {
    const [one, same] = [text, text].map((source) =>
      parsePolicy(source, { policyType: 'IDENTITY_POLICY', held: true }),
    );
    if (!one?.ok || !same?.ok) expect.fail(text);
    const unread = one.policy.statements.flatMap((statement) => statement.unread ?? []);
    const { result } = await engine.checkNoNewAccess(one.policy, same.policy);
    if (unread.length > 0 || result !== 'PASS') odd.push({ text, unread, result });
  }

  expect(odd).toEqual([]);
}, 120_000);
