/** Witnesses for single actions of AWS's managed policies, held against a reading of the reference that shares no code with ours. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { corpusPairs } from '../bench/corpus.ts';
import { isKnownGap, whyNotListed } from '../oracle/serviceReference.ts';

/** Of some 11,000 actions; all of them: `EVERY=1`. */
const EVERY = Number(process.env['EVERY'] ?? 23);
const ACTIONS_OF_A_STATEMENT = 4;

/** What a verdict says of a witness that the reference does not list. */
const BEYOND = /^by the Service Authorization Reference, which does not list all, /;

type Statement = {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
};

/** Allow statements that name a resource or hold a condition, of each policy's newest version, with some of their actions. */
function singleActions(): { readonly statement: Statement; readonly action: string }[] {
  const newest = new Map(corpusPairs().map(({ id, after }) => [id.split(' ')[0], after]));
  return [...newest.values()]
    .flatMap((text): Statement[] => [JSON.parse(text).Statement].flat())
    .filter(({ Effect, Resource, Condition }) => {
      const isOnAnything = [Resource].flat().includes('*');
      return Effect === 'Allow' && (!isOnAnything || Condition !== undefined);
    })
    .flatMap((statement) =>
      [statement.Action ?? []]
        .flat()
        .slice(0, ACTIONS_OF_A_STATEMENT)
        .map((action) => ({ statement, action })),
    );
}

describe('witnesses for single actions of managed policies', () => {
  it('are calls that AWS documents, or their verdict says that there is none', async () => {
    const engine = createEngine({ solver: 'atoms' });
    const found: object[] = [];
    let possible = 0;
    for (const { statement, action } of singleActions().filter((_, index) => index % EVERY === 0)) {
      const text = JSON.stringify({ Version: '2012-10-17', Statement: statement });
      const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const verdict = await engine.checkAccessNotGranted(parsed.policy, [{ actions: [action] }]);
      if (verdict.result !== 'FAIL' || !verdict.possible) continue;
      if (verdict.notes?.some((note) => BEYOND.test(note)) === true) continue;
      possible++;
      const why = whyNotListed(verdict.witness);
      if (why !== undefined && !isKnownGap(verdict.witness.action, why))
        found.push({ statement, why, witness: verdict.witness });
    }

    expect(found).toEqual([]);
    expect(possible).toBeGreaterThan(100);
  }, 600_000);
});
