/** Witnesses of real updates, held against a reading of the reference that shares no code with ours. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { corpusPairs } from '../bench/corpus.ts';
import { whyNotListed } from '../oracle/serviceReference.ts';

/** Of 4,600 pairs; all of them: `EVERY=1`. */
const EVERY = Number(process.env['EVERY'] ?? 23);

/** Keys that AWS's policies use and the reference does not list for the action; see `scripts/generateReference.ts`. */
const FURTHER_KEYS = /^it has no key (datazone|sagemaker|aws-marketplace|a4b|iottwinmaker):/;
/** Actions that AWS's policies grant on types that the package does not list for them; see the same script. */
const FURTHER_TYPES =
  /^(codestar-connections:|ssmmessages:OpenDataChannel$|iam:List|aws-marketplace:.*Tag|logs:DescribeLogGroups$|apigateway:|elasticloadbalancing:)/;
/** A layer's own name may hold what reads as a version. */
const LAYER = 'lambda:PublishLayerVersion';

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
      possible++;
      const why = whyNotListed(verdict.witness);
      const { action } = verdict.witness;
      if (why === undefined || FURTHER_KEYS.test(why) || FURTHER_TYPES.test(action) || action === LAYER)
        continue;
      found.push({ id, why, witness: verdict.witness });
    }

    expect(found).toEqual([]);
    expect(possible).toBeGreaterThan(100);
  }, 600_000);
});
