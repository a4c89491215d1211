import { describe, expect, it } from 'vitest';
import { RESOURCE_TYPES } from '../../../../cli/accessanalyzer/operations.ts';
import { meant } from '../../../../cli/input/meant.ts';
import { KNOWN_RESOURCE_TYPES, parseResourceType } from '../../../../cli/input/parseNames.ts';
import { ADAPTERS } from '../../../../shared/services/index.ts';

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
  it('that is nearly a known one is refused with that one', () => {
    expect(() => parseResourceType('AWS::S3::Bukket')).toThrow('did you mean AWS::S3::Bucket?');
  });

  it.each(['AWS::MediaStore::Container', 'bucket', 'aws::s3::bucket', ''])('%j is refused', (type) => {
    expect(() => parseResourceType(type)).toThrow('--resource-type');
  });

  it.each(KNOWN_RESOURCE_TYPES)('%s is taken', (type) => {
    expect(parseResourceType(type)).toBe(type);
  });

  it('beside AWS’s own list is one that the guard knows', () => {
    const types = new Set([
      ...RESOURCE_TYPES,
      ...Object.values(ADAPTERS).map(({ resourceType }) => resourceType),
    ]);

    expect(KNOWN_RESOURCE_TYPES.filter((type) => !types.has(type))).toEqual([]);
  });
});
