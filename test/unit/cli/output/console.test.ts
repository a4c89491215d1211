import { describe, expect, it } from 'vitest';
import { visible, wantsColour } from '../../../../cli/output/console.ts';

describe('colour', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: 'false' }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '', TERM: 'dumb' }, true],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('on a terminal: %j, with %j: %j', (isTerminal, env, answer) => {
    expect(wantsColour(env, isTerminal)).toBe(answer);
  });
});

describe('what a policy holds', () => {
  it('cannot steer a terminal', () => {
    expect(visible('a\u001b[31mb\u202ec\nd')).toBe('a\\u001b[31mb\\u202ec\nd');
  });
});
