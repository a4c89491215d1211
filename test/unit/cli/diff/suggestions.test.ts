import { describe, expect, it } from 'vitest';
import { annotationsOf } from '../../../../cli/diff/render/words.ts';
import { compare, overall } from './comparing.ts';

const policy = (...actions: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::b/*' }],
});

const template = (document: unknown) => ({
  Resources: { P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document } } },
});

const yaml = (action: string) => `Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: [s3:GetObject${action}]
            Resource: arn:aws:s3:::b/*
      Description: after it
`;

/** The text with the fixes that annotations offer. */
function fixed(text: string, annotations: ReturnType<typeof annotationsOf>): string {
  const [fix] = annotations.flatMap((annotation) => annotation.fix ?? []);
  if (fix === undefined) return text;
  const lines = text.split('\n');
  const offset = (line: number, column: number) =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const { startLine, startColumn, endLine, endColumn } = fix.region;
  return text.slice(0, offset(startLine, startColumn)) + fix.text + text.slice(offset(endLine, endColumn));
}

describe('a fix', () => {
  it.each([
    ['a policy', 'p.json', policy('s3:GetObject'), policy('s3:GetObject', 's3:PutObject')],
    ['a template', 't.json', template(policy('s3:GetObject')), template(policy('s3:GetObject', 's3:*'))],
    ['a template in YAML', 't.yml', yaml(''), yaml(', s3:PutObject')],
  ])(
    'of %s takes the place of the document, and then nothing new is granted',
    async (_, path, before, after) => {
      const text = typeof after === 'string' ? after : JSON.stringify(after, undefined, 2);
      const comparison = await compare(before, text, path);
      expect(overall(comparison)).toBe('FAIL');

      const tightened = fixed(text, annotationsOf(comparison));

      expect(tightened).not.toBe(text);
      expect(overall(await compare(before, tightened, path))).toBe('PASS');
      if (path.endsWith('.yml')) expect(tightened).toContain('\n      Description: after it\n');
    },
  );

  it('is not offered where the template computes the document', async () => {
    const computed = (...actions: string[]) =>
      template({ 'Fn::If': ['C', policy(...actions), policy('s3:GetObject')] });

    const comparison = await compare(computed('s3:GetObject'), computed('s3:*'), 't.json');

    expect(overall(comparison)).toBe('FAIL');
    expect(annotationsOf(comparison).some(({ fix }) => fix !== undefined)).toBe(false);
  });
});
