/** The page's table of costs is what the guard does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCapacity } from './capacityTable.ts';
import { countCalls, countLook } from './cost.ts';
import { renderCosts } from './costTable.ts';

const pageOf = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

describe('the pages', async () => {
  const costs = await countCalls();
  const look = await countLook(300);

  it('of costs have the calls that the guard makes', () => {
    expect(pageOf('costs.md')).toContain(renderCosts(costs).join('\n'));
  });

  it('of capacity have what follows of the calls', () => {
    const [events, accounts] = renderCapacity(costs, look);

    expect(pageOf('capacity.md')).toContain(events);
    expect(pageOf('capacity.md')).toContain(accounts);
  });

  it('speak of undoing that writes', () => {
    expect(costs.kinds.filter(({ undone }) => undone.writes === 0)).toEqual([]);
  });
});

describe('a look in turns', () => {
  it('lists no oftener than one in a single turn', async () => {
    const [short, long] = [await countLook(20), await countLook(780)];

    expect(short.turns).toBe(1);
    expect(long).toMatchObject({ turns: 2, examined: 3 * 780 + 5, listings: short.listings });
  });
});
