import { describe, expect, it } from 'vitest';
import { parseToml } from '../../../../cli/diff/formats/toml.ts';

describe('parseToml', () => {
  it.each([
    ['a = 1\n', { a: 1 }],
    ['a.b = true # x\n"c d" = \'e\\f\'', { a: { b: true }, 'c d': 'e\\f' }],
    ['[a.b]\nc = "x\\"y\\u00e9\\n"\n[a.d]\ne = 1_000.5', { a: { b: { c: 'x"yé\n' }, d: { e: 1000.5 } } }],
    [
      'a = [ # one\n "x",\n [1, 2,],\n]\r\nb = { c = "d", e.f = 2 }',
      { a: ['x', [1, 2]], b: { c: 'd', e: { f: 2 } } },
    ],
    ['a = """\none \\\n  two"""\nb = \'\'\'\nx\ny\'\'\'', { a: 'one two', b: 'x\ny' }],
    ['[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3', { a: [{ b: 1 }, { b: 2, c: { d: 3 } }] }],
    ['', {}],
  ])('reads %j', (text, expected) => {
    expect(parseToml(text)).toEqual(expected);
  });

  it.each([
    'a',
    'a = ',
    'a = "x',
    'a = 1 b = 2',
    'a = 1\na = 2',
    'a = [1',
    '[a\nb = 1',
    'a = 1\n[a.b]',
    'a = 2020-01-01',
    'a = "\\q"',
  ])('refuses %j', (text) => {
    expect(() => parseToml(text)).toThrow();
  });
});
