import { describe, expect, it } from 'vitest';
import { matchName } from '../../../shared/guard/config.ts';

const arn = 'arn:aws:iam::111122223333:role/ci/Deploy';

describe('matchName', () => {
  for (const pattern of [
    arn,
    '*',
    'arn:*:role/ci/*',
    '*Deploy',
    'arn:aws:iam::????????????:role/*',
    '**',
    '*:*:*',
  ]) {
    it(`\`${pattern}\` matches`, () => {
      expect(matchName(pattern, arn)).toBe(true);
    });
  }

  for (const pattern of [
    '',
    'arn:aws:iam::111122223333:role/ci',
    '*deploy',
    'arn:aws:iam::?:role/*',
    `${arn}?`,
    '[a]*',
  ]) {
    it(`\`${pattern}\` does not match`, () => {
      expect(matchName(pattern, arn)).toBe(false);
    });
  }

  it('an empty name matches only what asks for nothing', () => {
    expect([matchName('', ''), matchName('*', ''), matchName('?', '')]).toEqual([true, true, false]);
  });

  it('takes a character outside the basic plane for one', () => {
    expect(matchName('a?b', 'a😀b')).toBe(true);
  });

  it('many stars on a long name end', () => {
    expect(matchName(`${'*a'.repeat(50)}*b`, 'a'.repeat(5_000))).toBe(false);
  });
});
