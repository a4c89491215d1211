import { describe, expect, it } from 'vitest';
import { marksOf } from '../../../../cli/output/marks.ts';
import type { Request } from '../../../../shared/evaluator/request.ts';
import { policyOf } from './policyOf.ts';

const request: Request = {
  principal: { type: 'AWS', value: 'arn:aws:iam::444455556666:user/Alice' },
  action: 's3:DeleteObject',
  resource: 'arn:aws:s3:::b/x',
  context: {},
};

const statement = {
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com', AWS: ['111122223333', '444455556666'] },
  Action: ['s3:GetObject', 's3:Delete*'],
  Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
};

const marksIn = (Statement: object | object[], index = 0) =>
  marksOf(policyOf(JSON.stringify({ Version: '2012-10-17', Statement }), 'RESOURCE_POLICY'), request)(index);

describe('the words of a statement that matter for a request', () => {
  it('are the list members that match it', () => {
    expect(marksIn([statement])).toEqual([
      { path: '.Principal.AWS[1]', label: 'this principal' },
      { path: '.Action[1]', label: 'this action' },
      { path: '.Resource[1]', label: 'this resource' },
    ]);
  });

  it('are found where nothing stands in a list', () => {
    const plain = { ...statement, Principal: '*', Action: '*', Resource: 'arn:aws:s3:::b/*' };

    expect(marksIn(plain).map(({ path }) => path)).toEqual(['.Principal', '.Action', '.Resource']);
  });

  it('are the whole of a negated element', () => {
    const { Action: _a, Resource: _r, ...bare } = statement;

    expect(
      marksIn([{ ...bare, NotAction: ['s3:GetObject'], NotResource: ['arn:aws:s3:::c'] }]).map(
        ({ path }) => path,
      ),
    ).toEqual(['.Principal.AWS[1]', '.NotAction', '.NotResource']);
  });

  it('are none of an element that does not match', () => {
    expect(marksIn([{ ...statement, Action: 's3:GetObject' }]).map(({ path }) => path)).toEqual([
      '.Principal.AWS[1]',
      '.Resource[1]',
    ]);
  });

  it('are none of a statement that is not there', () => {
    expect(marksIn([statement], 7)).toEqual([]);
  });
});
