/** The page's table of costs is what the guard does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countCalls } from './cost.ts';
import { renderCosts } from './costTable.ts';

const readme = readFileSync(join(import.meta.dirname, '../../docs/costs.md'), 'utf8');

describe('the costs in docs/costs.md', () => {
  it('are of the calls that the guard makes', async () => {
    const table = renderCosts(await countCalls()).join('\n');

    expect(readme).toContain(table);
  });
});
