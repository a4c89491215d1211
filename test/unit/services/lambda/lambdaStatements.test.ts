import { describe, expect, it } from 'vitest';
import { isHalfway, permissionOf } from '../../../../shared/services/lambda/lambdaStatements.ts';
import { documentPart, makeSnapshot } from '../../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetRef } from '../../../../shared/targets/target.ts';

const target: TargetRef = {
  kind: 'lambda-function-policy',
  arn: 'arn:aws:lambda:us-east-1:111122223333:function:f',
  accountId: '111122223333',
  region: 'us-east-1',
};

/** A function's policy: each word is a statement's id and, after an equals sign, its action. */
function holding(...statements: readonly string[]): Snapshot {
  const Statement = statements.map((statement) => {
    const [Sid, Action = 'lambda:InvokeFunction'] = statement.split('=');
    return { Sid, Effect: 'Allow', Principal: '*', Action, Resource: target.arn };
  });
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  return makeSnapshot({ target, exists: true, parts: documentPart(document) });
}

describe('isHalfway', () => {
  const versions = { accepted: holding('kept', 'old'), from: holding('kept', 'a', 'b') };

  it.each<[string, string[]]>([
    ['nothing was done', ['kept', 'a', 'b']],
    ['the first was removed', ['kept', 'b']],
    ['all was removed', ['kept']],
    ['what was accepted is back', ['kept', 'old']],
  ])('takes it for our own unfinished work when %s', (_, statements) => {
    expect(isHalfway(holding(...statements), versions)).toBe(true);
  });

  it.each<[string, string[]]>([
    ['the second went before the first', ['kept', 'a']],
    ['something came before all was removed', ['kept', 'b', 'old']],
    ['what both hold is gone', ['b']],
    ['there is something else', ['kept', 'b', 'c']],
    ['a statement says something else', ['kept', 'b=lambda:*']],
  ])('takes it for somebody else’s doing when %s', (_, statements) => {
    expect(isHalfway(holding(...statements), versions)).toBe(false);
  });

  it('knows a statement that is replaced under its id', () => {
    const replaced = { accepted: holding('s'), from: holding('s=lambda:*') };

    expect(isHalfway(holding(), replaced)).toBe(true);
    expect(isHalfway(holding('s'), replaced)).toBe(true);
  });
});

describe('permissionOf', () => {
  const statement = {
    Sid: 's',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: target.arn,
    Condition: { StringEquals: { 'AWS:SourceAccount': '111122223333' } },
  };
  const parameters = [{ operator: 'StringEquals', key: 'aws:SourceAccount', parameter: 'SourceAccount' }];

  it('says what to ask for, so that Lambda makes the statement', () => {
    expect(permissionOf(statement, parameters)).toEqual({
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceAccount: '111122223333',
    });
  });

  it.each<[string, object]>([
    ['a Deny', { Effect: 'Deny' }],
    ['several actions', { Action: ['lambda:InvokeFunction', 'lambda:GetFunction'] }],
    ['all actions but some', { Action: undefined, NotAction: 'lambda:GetFunction' }],
    ['several principals', { Principal: { AWS: ['111122223333', '444455556666'] } }],
    ['principals of two kinds', { Principal: { AWS: '111122223333', Service: 's3.amazonaws.com' } }],
    ['a condition on another key', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
    ['another operator', { Condition: { StringLike: { 'AWS:SourceAccount': '1*' } } }],
    ['several values', { Condition: { StringEquals: { 'AWS:SourceAccount': ['1', '2'] } } }],
    ['no id', { Sid: undefined }],
  ])('is nothing for %s, which no call makes', (_, differing) => {
    expect(permissionOf({ ...statement, ...differing }, parameters)).toBeUndefined();
  });
});
