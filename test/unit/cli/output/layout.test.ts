import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, indent, wrap } from '../../../../cli/output/layout.ts';

describe('wrap', () => {
  it('breaks at spaces', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('cuts a word that is longer than the line', () => {
    expect(wrap('ab cdefghij', 4)).toEqual(['ab', 'cdef', 'ghij']);
  });

  it('passes the width on no line and loses no character but spaces', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        const lines = wrap(text, width);

        expect(lines.every((line) => line.length <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

describe('indent', () => {
  it('puts the first word after the given text and the rest below it', () => {
    expect(indent('one two three four', 'Why: ', 15)).toBe('Why: one two\n     three four');
  });
});

describe('columns', () => {
  it('aligns the texts', () => {
    expect(
      columns(
        [
          ['a', 'one'],
          ['long', 'two'],
        ],
        '  ',
        40,
      ),
    ).toBe('  a     one\n  long  two');
  });
});
