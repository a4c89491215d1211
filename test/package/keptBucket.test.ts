/** What takes up the bucket that an earlier stack left: CloudFormation imports nothing that refers to something else. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../.package/', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const { Resources: stack } = JSON.parse(textOf('stack/cloudformation-template-update-stack.json'));

describe('the template that takes up a kept bucket', () => {
  const text = textOf('kept-bucket.json');
  const { Resources: resources } = JSON.parse(text);

  it('has the bucket of the stack, as it is there, and nothing else', () => {
    expect(resources).toEqual({ VersionsBucket: stack.VersionsBucket });
  });

  it('keeps the bucket when the stack goes, without which there is no import', () => {
    expect(resources.VersionsBucket).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  it('refers to nothing that the stack does not have yet', () => {
    expect(text).not.toMatch(/"(Ref|Fn::\w+|Condition|DependsOn)":/);
  });
});
