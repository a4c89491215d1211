/** Real updates, tightened: a sample of what `npm run bench:tighten` asks of all. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, type RoledPolicy } from '../../shared/checks/index.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { corpusPairs } from '../bench/corpus.ts';

const engine = createEngine();
afterAll(() => engine.close());

function document(text: string): RoledPolicy {
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { name: '', role: 'grant', policy: parsed.policy };
}

describe('a real update', () => {
  const sample = corpusPairs().filter((_, index) => index % 60 === 7);

  it.each(sample)('$id is tightened to a text that passes and loses nothing', async ({ before, after }) => {
    const [existing, updated] = [document(before), document(after)];

    const tightened = await engine.tighten({ existing: [existing], updated: [updated] });

    expect(tightened).toMatchObject({ result: 'tightened', losesOld: false, verdict: { result: 'PASS' } });
    if (tightened.result === 'declined') return;
    const written = tightened.documents[0]?.policy ?? updated.policy;
    expect((await engine.checkNoNewAccess(existing.policy, written)).result).toBe('PASS');
  });
});
