import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { allReadings, mayGrant } from '../../../shared/checks/underReadings.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../../shared/policy/policySet.ts';

const engine = createEngine();
afterAll(() => engine.close());

const SHORT = 'arn:aws:iam::111122223333';
const IRREGULAR = 'arn:aws:lambda:*:function:f';
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';

function policy(...statements: readonly object[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), {
    policyType: 'IDENTITY_POLICY',
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const allow = (Resource: string, Action = '*') => ({ Effect: 'Allow', Action, Resource });
const setOf = (one: Policy): PolicySet => ({ policies: [{ name: '', policy: one }] });

describe('a check where AWS can be read in two ways', () => {
  it('names the reading under which it fails', async () => {
    const verdict = await engine.checkNoNewAccess(policy(), policy(allow(SHORT)));

    expect(verdict).toMatchObject({
      result: 'FAIL',
      notes: [expect.stringContaining('is completed with `*`')],
    });
  });

  it('names the other reading where only that one fails, with a request of that reading', async () => {
    const verdict = await engine.checkAccessNotGranted(policy(allow(IRREGULAR)), [{ resources: [FUNCTION] }]);

    expect(verdict).toMatchObject({
      result: 'FAIL',
      witness: { resource: FUNCTION },
      notes: [expect.stringContaining('is matched as one text')],
    });
  });

  it('names none where it fails under all', async () => {
    const verdict = await engine.checkNoNewAccess(policy(), policy(allow('*'), allow(SHORT)));

    expect(verdict).toMatchObject({ result: 'FAIL' });
    expect(verdict).not.toHaveProperty('notes');
  });

  it('reads the same text the same way in both documents', async () => {
    const { result } = await engine.checkNoNewAccess(policy(allow(SHORT)), policy(allow(SHORT, 'iam:*')));

    expect(result).toBe('PASS');
  });

  it('lists the pieces of every reading', async () => {
    const { pieces } = await engine.listNewAccess(
      policy(allow(FUNCTION)),
      policy(allow(IRREGULAR, 'lambda:*')),
    );

    expect(pieces.map(({ resources }) => resources)).toEqual([[IRREGULAR]]);
  });
});

describe('allReadings', () => {
  it('gives each construct alone and all together', () => {
    const granted = [setOf(policy(allow(SHORT), allow(IRREGULAR)))];

    expect(allReadings({ granted, refused: [] })).toHaveLength(4);
  });

  it('gives the sets themselves where there is one reading', () => {
    const sides = { granted: [setOf(policy(allow('arn:aws:s3:::b')))], refused: [] };

    expect(allReadings(sides)).toEqual([sides]);
  });
});

describe('mayGrant', () => {
  it.each([
    [FUNCTION, true],
    ['arn:aws:lambda:eu-west-1:function:f', true],
    ['arn:aws:lambda:eu-west-1:111122223333:function:g', false],
  ])('says of %s under the readings of a star before a colon: %s', (resource, expected) => {
    const request = { action: 'lambda:InvokeFunction', resource, context: {} };

    expect(mayGrant(setOf(policy(allow(IRREGULAR))), request)).toBe(expected);
  });
});
