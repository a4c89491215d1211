import { describe, expect, it } from 'vitest';
import { meant } from '../../../../cli/input/meant.ts';
import { warnOfResourceType } from '../../../../cli/input/parseNames.ts';

describe('what was meant by a word', () => {
  const formats = ['text', 'json', 'sarif', 'github'];

  it.each([
    ['jsn', 'json'],
    ['SARIF', 'sarif'],
    ['git', 'github'],
    ['txet', undefined],
    ['yaml', undefined],
    ['', undefined],
  ])('%j is %s', (word, choice) => {
    expect(meant(word, formats)).toBe(choice);
  });

  it('is the nearest where several are near', () => {
    expect(meant('S3::Bukket', ['S3Outposts::Bucket', 'S3::Bucket', 'S3::Glacier'])).toBe('S3::Bucket');
  });
});

describe('a resource type', () => {
  it('that is nearly a known one is warned of', () => {
    expect(warnOfResourceType('AWS::S3::Bukket')).toBe(
      'warning: --resource-type: `AWS::S3::Bukket` is not known; did you mean AWS::S3::Bucket?\n',
    );
  });

  it.each(['AWS::S3::Bucket', 'AWS::MediaStore::Container'])('%s is taken as it is', (type) => {
    expect(warnOfResourceType(type)).toBe('');
  });
});
