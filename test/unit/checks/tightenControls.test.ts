/** Control policies tightened: the vectors' pairs, each made to pass. */
import { afterAll, describe, expect, it } from 'vitest';
import { POLICY_TYPES, type PolicyTypeName } from '../../../cli/input/policyTypes.ts';
import { compare, tightenCompared } from '../../../shared/checks/controlPolicies.ts';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { rowsOf } from '../../vectors/checkRows.ts';

const engine = createEngine();
afterAll(() => engine.close());

function parse(document: unknown, type: PolicyTypeName) {
  const parsed = parsePolicy(JSON.stringify(document), POLICY_TYPES[type]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const pairs = rowsOf(new URL('../../vectors/checks/controls.jsonl', import.meta.url)).filter(
  ({ existing }) => existing !== undefined,
);

const deny = (...actions: readonly string[]) => ({ Effect: 'Deny', Action: actions, Resource: '*' });
const allow = (...actions: readonly string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });

async function tightened(before: readonly object[], after: readonly object[]) {
  const policy = (statements: readonly object[]) =>
    parse({ Version: '2012-10-17', Statement: statements }, 'SERVICE_CONTROL_POLICY');
  const result = await tightenCompared(engine, policy(before), policy(after));
  if (result.result === 'declined') throw new Error(result.cause);
  const [document] = result.documents;
  return { ...result, statements: document && JSON.parse(document.policy?.source ?? '{}').Statement };
}

describe('a control policy', () => {
  it.each(pairs.map((row) => [row.id, row] as const))(
    'that is tightened lets no more pass: %s',
    async (_, { existing, new: updated, policyType }) => {
      const [before, after] = [parse(existing, policyType), parse(updated, policyType)];

      const result = await tightenCompared(engine, before, after);

      if (result.result === 'declined') throw new Error(result.cause);
      const passes = (await compare(engine, before, after)).result === 'PASS';
      expect(result.documents).toHaveLength(passes ? 0 : 1);
      const text = result.documents[0]?.policy?.source ?? after.source;
      expect((await compare(engine, before, parse(JSON.parse(text), policyType))).result).toBe('PASS');
    },
  );

  it('gets back the Deny that went, beside the one that came', async () => {
    const { statements, isExisting } = await tightened(
      [deny('iam:CreateUser'), deny('organizations:LeaveOrganization')],
      [deny('organizations:LeaveOrganization'), deny('s3:PutBucketAcl')],
    );

    expect(statements).toEqual([
      deny('organizations:LeaveOrganization'),
      deny('s3:PutBucketAcl'),
      deny('iam:CreateUser'),
    ]);
    expect(isExisting).toBe(false);
  });

  it('loses the action that came to its list, and gets back the Deny that went', async () => {
    const { statements } = await tightened(
      [allow('s3:*', 'ec2:*'), deny('iam:CreateUser')],
      [allow('s3:*', 'sqs:*'), deny('kms:CreateKey')],
    );

    expect(statements).toEqual([
      { ...allow(), Action: 's3:*' },
      deny('kms:CreateKey'),
      deny('iam:CreateUser'),
    ]);
  });

  it('that only denies more stays as it is', async () => {
    const { documents } = await tightened([deny('iam:CreateUser')], [deny('iam:*')]);

    expect(documents).toEqual([]);
  });
});
