import { describe, expect, it } from 'vitest';
import {
  createLocator,
  hasDuplicateKeys,
  locatePath,
  parseJson,
  pathOf,
  positionAt,
} from '../../../shared/policy/jsonDocument.ts';

describe('hasDuplicateKeys', () => {
  it.each([
    '{"a":1,"a":1}',
    '[{"b":{"a":1,"a":2}}]',
    '{"a":1,"\\u0061":1}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":[],"a":{"b":1}}',
  ])('sees the key twice in %s', (text) => {
    expect(hasDuplicateKeys(text, JSON.parse(text))).toBe(true);
  });

  it.each([
    '{"a":":","b":"\\":\\\\","c":{"a":"x:y"}}',
    '[{"a":1},{"a":1}]',
    '{"a:b":{"__proto__":1},"constructor":2}',
    '":"',
    '1',
    '{"a":1,"A":1}',
  ])('sees no key twice in %s', (text) => {
    expect(hasDuplicateKeys(text, JSON.parse(text))).toBe(false);
  });
});

describe('parseJson', () => {
  it('names every key that is written again, by place', () => {
    const result = parseJson('{"a":{"x y":1,\n"x y":2},"a":3,"b":[{"c":1,"c":2}]}');

    expect(result).toMatchObject({
      ok: false,
      problems: [
        { path: '$.a["x y"]', position: { line: 2, column: 1 }, message: expect.stringContaining('`x y`') },
        { path: '$.a', position: { line: 2, column: 10 } },
        { path: '$.b[0].c', position: { line: 2, column: 28 } },
      ],
    });
  });

  it('does not show invisible characters', () => {
    expect(parseJson('{"a":\u00a01}')).toMatchObject({ problem: { message: 'not JSON: unexpected U+00A0' } });
  });
});

describe('locatePath', () => {
  const text = '{\n  "a": [1, {"b:c": "x"}],\n  "d": 1.50\n}';

  it.each([
    ['$', '{'],
    ['$.a', '['],
    ['$.a[1]', '{"b:c"'],
    ['$.a[1]["b:c"]', '"x"'],
    ['$.d', '1.50'],
  ])('finds %s', (path, start) => {
    const span = locatePath(text, path);

    expect(text.slice(span?.start.offset).startsWith(start)).toBe(true);
    expect(positionAt(text, span?.start.offset ?? -1)).toEqual(span?.start);
  });

  it.each(['$.x', '$.a[2]', '$.a.b', '$.d.e', '$.d[0]', '$[0]'])('finds no %s', (path) => {
    expect(locatePath(text, path)).toBeUndefined();
  });

  it('finds nothing in a text that is no JSON', () => {
    expect(locatePath('{', '$')).toBeUndefined();
  });

  it('counts a byte order mark in offsets', () => {
    expect(locatePath('\ufeff[1]', '$[0]')?.start.offset).toBe(2);
  });

  it.each(['a"b', 'a]b', 'a\\', '$', '', '0', 'ä', '__proto__'])('finds the member %j by its path', (key) => {
    const locator = createLocator(JSON.stringify({ x: { [key]: 7 } }).replace('{}', `{"${key}":7}`));

    expect(locator.textOf(pathOf('$.x', key))).toBe('7');
  });
});
