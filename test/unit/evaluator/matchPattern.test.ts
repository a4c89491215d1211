// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so
import { describe, expect, it } from 'vitest';
import { type MatchOptions, matchPattern, splitArn } from '../../../shared/evaluator/matchPattern.ts';
import { parsePattern } from '../../../shared/policy/parsePattern.ts';

function matches(source: string, text: string, options: MatchOptions = {}): boolean {
  const pattern = parsePattern(source, { wildcards: true, variables: true });
  if ('problem' in pattern) expect.fail(pattern.problem);
  return matchPattern(pattern, text, options);
}

describe('matchPattern', () => {
  it('matches the whole text', () => {
    expect(matches('b', 'abc')).toBe(false);
    expect(matches('*b*', 'abc')).toBe(true);
  });

  it('takes a character beyond U+FFFF for one', () => {
    expect(matches('?', '😀')).toBe(true);
    expect(matches('??', '😀')).toBe(false);
  });

  it('takes half of such a character for one', () => {
    expect(matches('?', '\ud83d')).toBe(true);
    expect(matches('?', '\ude00')).toBe(true);
  });

  it('folds letters of the text, the pattern and the value of a variable alike', () => {
    const options = { foldCase: true, valuesOf: () => ['ÀbC'] };

    expect(matches('x${k}', 'XàBc', options)).toBe(true);
    expect(matches('x${k}', 'XàBd', options)).toBe(false);
  });

  it('folds no letter beyond U+00FF', () => {
    expect(matches('k', '\u212a', { foldCase: true })).toBe(false);
    expect(matches('\u0100', '\u0101', { foldCase: true })).toBe(false);
  });

  it('asks for a key by its lower-case name', () => {
    const asked: string[] = [];
    const valuesOf = (key: string) => {
      asked.push(key);
      return ['v'];
    };

    expect(matches('${AWS:Key}', 'v', { valuesOf })).toBe(true);
    expect(asked).toEqual(['aws:key']);
  });

  it('ends soon on patterns that repeat', () => {
    const pattern = '*a'.repeat(2_000);

    expect(matches(pattern, 'a'.repeat(1_999))).toBe(false);
    expect(matches(pattern, 'a'.repeat(2_000))).toBe(true);
  });
});

describe('splitArn', () => {
  it('keeps the whole rest in the sixth part', () => {
    expect(splitArn('arn:aws:s3:::b:c/d:')).toEqual(['arn', 'aws', 's3', '', '', 'b:c/d:']);
  });

  it('splits no text of fewer parts', () => {
    expect(splitArn('arn:aws:s3::')).toBeUndefined();
  });
});
