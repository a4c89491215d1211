/** Every tenth row of the checks' vectors, by both deciders. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { ask, files, rowsOf } from './checkRows.ts';

const both = createEngine({ solver: 'both', timeoutMs: 10_000 });

afterAll(() => both.close());

describe.each(files)('$name', ({ url }) => {
  const rows = rowsOf(url);

  it.each(
    rows.filter(
      ({ id, linkPrincipal }, index) =>
        (index % 10 === 0 || /spelled|typed/.test(id)) && linkPrincipal === undefined,
    ),
  )('$id, by both deciders', async (row) => {
    const { result } = await ask(both, row);

    expect([row.expected].flat()).toContain(result);
  });
});
