import { readFileSync } from 'node:fs';
import { evaluate, parse } from '@humanwhocodes/momoa';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../../scripts/configJsonSchema.ts';
import { loadConfig } from '../../../shared/runtime/loadConfig.ts';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const example = read('shared/runtime/config.example.jsonc');
const schema = configJsonSchema(example);
const committed: { readonly [member: string]: unknown } = JSON.parse(
  read('shared/runtime/config.schema.json'),
);
const valid = new Ajv({ allErrors: true }).compile(committed);
const toValue = (text: string) => evaluate(parse(text, { mode: 'jsonc', allowTrailingCommas: true }));

describe('the schema of the configuration', () => {
  it('is committed as it is made', () => {
    expect(committed).toEqual(schema);
  });

  it('takes the example, which names it and has every member', () => {
    const value = toValue(example);

    expect(valid(value), JSON.stringify(valid.errors)).toBe(true);
    expect(value).toMatchObject({ $schema: './shared/runtime/config.schema.json' });
    expect(Object.keys(value as object)).toEqual(Object.keys(schema.properties ?? {}));
  });

  it('describes every member in the words of the example', () => {
    const silent = Object.entries(schema.properties ?? {}).filter(
      ([, member]) => typeof member !== 'object' || !member.description,
    );

    expect(silent).toEqual([]);
    expect(schema.properties).toHaveProperty(
      'breakGlass.description',
      'Emergency roles: their changes are published at once and never restored. [none]',
    );
  });

  it.each([
    ['a misspelt member', '{ "zoneOfTrsut": {} }'],
    ['a misspelt member further in', '{ "zoneOfTrust": { "acounts": [] } }'],
    ['a mode that does not exist', '{ "targets": [{ "match": "*", "mode": "enforce" }] }'],
    ['an account that is none', '{ "zoneOfTrust": { "accounts": ["1111"] } }'],
    ['a rule without a mode', '{ "targets": [{ "match": "*" }] }'],
    ['a list where an object belongs', '{ "breaker": [] }'],
    ['a number out of range', '{ "breaker": { "maxRollbacksPerHour": 101 } }'],
    [
      'an exception without an end',
      '{ "exceptions": [{ "match": "*", "owner": "ada", "reason": "a migration" }] }',
    ],
  ])('refuses %s, as the guard does', (_, text) => {
    expect(valid(toValue(text))).toBe(false);
    expect(loadConfig(text).ok).toBe(false);
  });

  it.each(['{}', '{ "targets": [{ "match": "*", "kinds": ["kms-key"], "mode": "rollback" }] }'])(
    'takes %s, as the guard does',
    (text) => {
      expect(valid(toValue(text))).toBe(true);
      expect(loadConfig(text).ok).toBe(true);
    },
  );
});
