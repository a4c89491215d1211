import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PARTITIONS, regionsOf } from '../../../shared/policy/arn.ts';

/** AWS's own endpoint data, as its SDK has it. */
const SDK = 'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';

describe('the Regions of the partitions', () => {
  it('are those of the endpoint data', () => {
    const text = readFileSync(SDK, 'utf8');
    const named = new Set(
      text.match(/\b(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-(gov|iso[a-z]?|de))?-[a-z]+-\d\b/g),
    );

    expect(named.size).toBeGreaterThan(40);
    expect(new Set(PARTITIONS.flatMap(regionsOf))).toEqual(named);
  });

  it('are none of a partition that there is not', () => {
    expect(regionsOf('constructor')).toEqual([]);
  });
});
