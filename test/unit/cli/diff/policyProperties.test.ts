import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROWS as CLOUDFORMATION } from '../../../../cli/diff/formats/cloudformation/rows.ts';
import { bearingOf } from '../../../../cli/diff/formats/policyProperties.ts';
import { ROWS as TERRAFORM } from '../../../../cli/diff/formats/terraform/rows.ts';
import { askedBy } from './asking.ts';
import { compare, overall } from './comparing.ts';

const root = join(import.meta.dirname, '../../../..');

const listed = readFileSync(join(root, 'test/vectors/diff/policy-properties.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [provider = '', type = '', property = ''] = line.split('\t');
    return { provider, type, property };
  });

function fateOf({ provider, type, property }: (typeof listed)[number]): string {
  const rows = provider === 'cloudformation' ? CLOUDFORMATION : TERRAFORM;
  if (askedBy(rows[type], type).has(property.split('.')[0] ?? '')) return 'judged by a row';
  const bearing = bearingOf(type, property);
  if (bearing === undefined) return 'nothing';
  if (bearing === 'document') return 'judged as a document';
  return bearing === 'named' ? 'named UNKNOWN' : `left out: ${bearing.excluded}`;
}

describe('every property of the published schemas that may hold a policy', () => {
  it('is judged, named or left out with a reason', () => {
    expect(listed.length).toBeGreaterThan(1000);
    expect(listed.filter((each) => fateOf(each) === 'nothing')).toEqual([]);
  });

  it('is counted in docs/policy-properties.md', () => {
    const counts = new Map<string, Map<string, number>>();
    for (const each of listed) {
      const fate = fateOf(each);
      const row = counts.get(fate) ?? new Map<string, number>();
      counts.set(fate, row.set(each.provider, (row.get(each.provider) ?? 0) + 1));
    }
    const page = readFileSync(join(root, 'docs/policy-properties.md'), 'utf8');

    const rows = [...counts].map(
      ([fate, row]) => `| ${fate} | ${row.get('cloudformation') ?? 0} | ${row.get('terraform') ?? 0} |`,
    );

    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});

const open = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
};

const documents = listed.filter((each) => fateOf(each) === 'judged as a document');

/** A value that stands at the end of a path. */
function at(path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  return first === undefined ? value : { [first]: at(rest, value) };
}

describe('a document at a property that no row covers', () => {
  it.each(documents)(
    '$type $property is judged as a policy, and named where it cannot be read',
    async (each) => {
      const { provider, type, property } = each;
      const state = (value: unknown) =>
        provider === 'cloudformation'
          ? { Resources: { X: { Type: type, Properties: at(property.split('.'), value) } } }
          : { resource: { [type]: { x: at(property.split('.'), value) } } };
      const file = provider === 'cloudformation' ? 't.json' : 'x.tf.json';
      const text = provider === 'cloudformation' ? open : JSON.stringify(open);

      expect(overall(await compare(state(undefined), state(text), file))).toBe('FAIL');
      expect(overall(await compare(state(undefined), state('not a policy'), file))).toBe('UNKNOWN');
    },
  );
});

describe('a setting of access that is not judged', () => {
  it.each(listed.filter((each) => fateOf(each) === 'named UNKNOWN' && !each.property.includes('.')))(
    '$type $property is UNKNOWN where it changed',
    async ({ provider, type, property }) => {
      const state = (value: unknown) =>
        provider === 'cloudformation'
          ? { Resources: { X: { Type: type, Properties: { [property]: value } } } }
          : { resource: { [type]: { x: { [property]: value } } } };
      const file = provider === 'cloudformation' ? 't.json' : 'x.tf.json';
      const remote = 'https://example.com/a';

      expect(overall(await compare(state(remote), state(`${remote}b`), file))).toBe('UNKNOWN');
      expect(overall(await compare(state(remote), state(remote), file))).toBe('PASS');
    },
  );
});
