import { expect, it, vi } from 'vitest';
import { once } from '../../../shared/checks/once.ts';

it('what is made once is made at the first call alone', () => {
  const make = vi.fn(() => ({}));
  const made = once(make);
  expect(make).not.toHaveBeenCalled();

  expect(made()).toBe(made());
  expect(make).toHaveBeenCalledTimes(1);
});

it('what cannot be made is not tried again', () => {
  const make = vi.fn(() => {
    throw new RangeError('too many');
  });
  const made = once(make);

  expect(made).toThrow('too many');
  expect(made).toThrow('too many');
  expect(make).toHaveBeenCalledTimes(1);
});
