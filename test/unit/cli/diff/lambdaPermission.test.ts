/** A function's permission in a template is the statement that Lambda makes of it. */
import { describe, expect, it } from 'vitest';
import { pairPolicies } from '../../../../cli/diff/findPolicies.ts';
import { judgePair } from '../../../../cli/diff/judgePairs.ts';
import { createEngine } from '../../../../shared/checks/index.ts';
import { defaultConfig } from '../../../../shared/runtime/loadConfig.ts';

const DEPLOYMENT = { accountId: '111122223333', region: 'eu-west-1' };
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const SERVICE = 's3.amazonaws.com';

/** A template with one permission, by default for everything that S3 does with one function. */
function template(more: object): string {
  const Properties = { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: SERVICE, ...more };
  return JSON.stringify({ Resources: { Permission: { Type: 'AWS::Lambda::Permission', Properties } } });
}

/** The policy that the template's permission is read as. */
function found(more: object) {
  const after = pairPolicies({ after: template(more) }, DEPLOYMENT).pairs[0]?.after;
  if (after === undefined) throw new Error('no policy was found');
  return { ...after, statement: JSON.parse(after.text).Statement[0] };
}

/** The answers on a template that changed. */
async function judge(before: object | undefined, after: object) {
  const sides = { after: template(after), ...(before === undefined ? {} : { before: template(before) }) };
  const pair = pairPolicies(sides, DEPLOYMENT).pairs[0];
  if (pair === undefined) throw new Error('no policy was found');
  const engine = createEngine({ solver: 'atoms', linkPrincipal: true });
  const outcome = await judgePair('t.json', pair, { engine, config: defaultConfig() });
  if (outcome === undefined || 'problems' in outcome) throw new Error('nothing was judged');
  return outcome.results.map(({ check, verdict }) => `${check} ${verdict.result}`);
}

describe('a permission in a template', () => {
  it('is a statement of the policy of a function, with a condition for each limit', () => {
    const { subject, policyType, resourceType, statement } = found({
      SourceArn: 'arn:aws:s3:::b',
      SourceAccount: '111122223333',
    });

    expect({ subject, policyType, resourceType }).toEqual({
      subject: 'Permission',
      policyType: 'RESOURCE_POLICY',
      resourceType: 'AWS::Lambda::Function',
    });
    expect(statement).toEqual({
      Effect: 'Allow',
      Principal: { Service: SERVICE },
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
      Condition: {
        ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
        StringEquals: { 'AWS:SourceAccount': '111122223333' },
      },
    });
  });

  it.each([
    ['everybody', '*', '*'],
    ['an account', '444455556666', { AWS: '444455556666' }],
    ['an account written as a number', 444_455_556_666, { AWS: '444455556666' }],
    ['a role', 'arn:aws:iam::444455556666:role/r', { AWS: 'arn:aws:iam::444455556666:role/r' }],
    ['its own account', { Ref: 'AWS::AccountId' }, { AWS: '111122223333' }],
    ['a service', { 'Fn::Join': ['.', ['s3', { Ref: 'AWS::URLSuffix' }]] }, { Service: SERVICE }],
  ])('names %s', (_, Principal, said) => {
    expect(found({ Principal }).statement.Principal).toEqual(said);
  });

  it.each([
    ['its ARN', FUNCTION, FUNCTION],
    ['its name and alias', 'f:live', `${FUNCTION}:live`],
    ['its account and name', '444455556666:function:g', 'arn:aws:lambda:eu-west-1:444455556666:function:g'],
    [
      'a part that is not known',
      { 'Fn::Join': ['-', ['f', { Ref: 'Stage' }]] },
      `${FUNCTION}-\${ratchet:Stage}`,
    ],
  ])('knows a function by %s', (_, FunctionName, arn) => {
    expect(found({ FunctionName }).statement.Resource).toBe(arn);
  });

  it('fails when it loses the source that limited it', async () => {
    const limited = { SourceArn: 'arn:aws:s3:::b', SourceAccount: '111122223333' };

    expect(await judge(limited, {})).toContain('check-no-new-access FAIL');
    expect(await judge({}, limited)).toContain('check-no-new-access PASS');
  });

  it('fails when it is new and lets everybody in', async () => {
    expect(await judge(undefined, { Principal: '*' })).toContain('check-no-public-access FAIL');
  });
});
