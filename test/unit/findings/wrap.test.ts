import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from '../../../shared/findings/wrap.ts';

describe('wrap', () => {
  it('breaks at spaces', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('puts one text before the first line and another before the rest', () => {
    expect(wrap('one two three', 9, '- ', '  ')).toEqual(['- one two', '  three']);
  });

  it('leaves a longer word whole, on a line of its own', () => {
    expect(wrap('ab cdefghij k', 4)).toEqual(['ab', 'cdefghij', 'k']);
  });

  it('passes the width only with a single word, and loses nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        const lines = wrap(text, width);

        expect(lines.every((line) => line.length <= width || !/\s/.test(line.trim()))).toBe(true);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      }),
    );
  });
});
