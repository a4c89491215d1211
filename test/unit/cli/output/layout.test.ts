import { describe, expect, it } from 'vitest';
import { columns, indent } from '../../../../cli/output/layout.ts';

describe('indent', () => {
  it('puts the first word after the given text and the rest below it', () => {
    expect(indent('one two three four', 'Why: ', 15)).toBe('Why: one two\n     three four');
  });

  it('keeps the lines and the empty lines of a text', () => {
    expect(indent('one\n\ntwo', '- ', 15)).toBe('- one\n\n  two');
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
