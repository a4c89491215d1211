import { describe, expect, it } from 'vitest';
import { FACETS, type Facet } from '../../../../cli/diff/facets.ts';
import { ROWS as CLOUDFORMATION } from '../../../../cli/diff/formats/cloudformation/rows.ts';
import type { Rule } from '../../../../cli/diff/formats/declared.ts';
import { bearingOf } from '../../../../cli/diff/formats/policyProperties.ts';
import { ROWS as TERRAFORM } from '../../../../cli/diff/formats/terraform/rows.ts';
import { KINDS } from '../../../../shared/services/registry.ts';
import { askedBy } from './asking.ts';

/** Judged by a row, as a document, or named. */
function isJudged(rows: { readonly [type: string]: Rule }, place: string, separator: string): boolean {
  const at = place.indexOf('.');
  const type = place.slice(0, at);
  const [property = ''] = place.slice(at + 1).split(separator);
  if (askedBy(rows[type], type).has(property.replace(/\[\]$/, ''))) return true;
  const bearing = bearingOf(type, property);
  return bearing === 'named' || bearing === 'document';
}

describe('what a change of code is judged by', () => {
  const places = KINDS.flatMap(({ kind, places: { cloudFormation, terraform } }) => [
    ...cloudFormation.map((place) => ({ kind, place, isJudged: isJudged(CLOUDFORMATION, place, '.') })),
    ...terraform.map((place) => ({ kind, place, isJudged: isJudged(TERRAFORM, place, '.') })),
  ]);

  it('is every place where a kind of the guard stands in code', () => {
    expect(places.length).toBeGreaterThan(100);
    expect(places.filter((each) => !each.isJudged)).toEqual([]);
  });

  it.each(Object.values<Facet>(FACETS).filter(({ kind }) => kind !== undefined))(
    'has the grammar and the type of the kind $kind',
    ({ kind, policyType, resourceType }) => {
      const definition = KINDS.find((each) => each.kind === kind);

      // Control policies of services and of resources are one kind.
      const isByTarget = definition?.parts.some(({ role }) => role === 'by-target') === true;
      expect(definition).toMatchObject(isByTarget ? { resourceType } : { policyType, resourceType });
    },
  );
});
