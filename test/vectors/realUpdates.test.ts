/** Witnesses of real updates, held against a reading of the reference that shares no code with ours. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { corpusPairs } from '../bench/corpus.ts';
import { isKnownGap, whyNotListed } from '../oracle/serviceReference.ts';

/** Of 4,600 pairs; all of them: `EVERY=1`. */
const EVERY = Number(process.env['EVERY'] ?? 23);

/** What is said of a witness with a key or a resource that the reference does not list for the action. */
const BEYOND =
  /^by the Service Authorization Reference, which does not list all, (requests of `[^`]+` have no key|`[^`]+` takes no such resource)/;

function parse(text: string) {
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

describe('witnesses of real updates', () => {
  it('are calls that AWS documents, or their verdict says that there is none', async () => {
    const engine = createEngine({ solver: 'atoms' });
    const found: object[] = [];
    let possible = 0;
    for (const { id, before, after } of corpusPairs().filter((_, index) => index % EVERY === 0)) {
      const verdict = await engine.checkNoNewAccess(parse(before), parse(after));
      if (verdict.result !== 'FAIL' || !verdict.possible) continue;
      // It says so itself: see `notes`.
      if (verdict.notes?.some((note) => BEYOND.test(note)) === true) continue;
      possible++;
      const why = whyNotListed(verdict.witness);
      if (why !== undefined && !isKnownGap(verdict.witness.action, why))
        found.push({ id, why, witness: verdict.witness });
    }

    expect(found).toEqual([]);
    expect(possible).toBeGreaterThan(100);
  }, 600_000);
});
