/** The checks' vectors: what the engine answers. `checksByBoth.test.ts` asks Z3 as well. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { ask, files, rowsOf } from './checkRows.ts';

const engines = { auto: createEngine(), linked: createEngine({ linkPrincipal: true }) };

afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.close();
});

describe.each(files)('$name', ({ url }) => {
  const rows = rowsOf(url);

  it.each(rows)('$id', async (row) => {
    const verdict = await ask(row.linkPrincipal === true ? engines.linked : engines.auto, row);

    expect([row.expected].flat(), JSON.stringify(verdict)).toContain(verdict.result);
    if (row.possible !== undefined) expect(verdict).toMatchObject({ possible: row.possible });
    if (row.reasons !== undefined) {
      const wanted = row.reasons.map((one) => (typeof one === 'number' ? { statementIndex: one } : one));
      expect(verdict.reasons).toMatchObject(wanted);
      expect(verdict.reasons).toHaveLength(wanted.length);
    }
    if (row.removedDenies !== undefined) {
      expect((verdict.removedDenies ?? []).map(({ statementIndex }) => statementIndex)).toEqual(
        row.removedDenies,
      );
    }
  });
});
