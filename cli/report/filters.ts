/**
 * Filters that need no script: a box for each value, and a rule of style that hides what an empty box stands for. So a
 * page from a mail or an archive works wherever it is opened.
 */
import type { Finding } from '../../shared/findings/finding.ts';
import { type Html, html } from './html.ts';

type Facet = {
  readonly name: string;
  readonly title: string;
  readonly read: (finding: Finding) => string;
};

const FACETS: readonly Facet[] = [
  { name: 'status', title: 'Status', read: ({ status }) => status.toLowerCase().replaceAll('_', ' ') },
  { name: 'severity', title: 'Severity', read: ({ severity }) => severity.toLowerCase() },
  { name: 'check', title: 'Check', read: ({ check }) => check },
  { name: 'kind', title: 'Target', read: ({ target }) => target.kind },
  { name: 'account', title: 'Account', read: ({ target }) => target.accountId },
];

/** A facet in which the findings differ, with their values in order. */
export type UsedFacet = Facet & { readonly values: readonly string[] };

/** Returns the facets worth filtering by: those with more than one value. */
export function usedFacets(findings: readonly Finding[]): UsedFacet[] {
  return FACETS.map((facet) => ({
    ...facet,
    values: [...new Set(findings.map(facet.read))].sort(),
  })).filter(({ values }) => values.length > 1);
}

/** Returns the boxes, all of them ticked; nothing when there is nothing to choose. */
export function renderFilters(facets: readonly UsedFacet[]): Html | undefined {
  if (facets.length === 0) return undefined;
  return html`<form class="filters" aria-label="Show">
${facets.map(
  ({ name, title, values }) => html`<fieldset><legend>${title}</legend>
${values.map(
  (value, index) =>
    html`<label><input type="checkbox" checked id="${idOf(name, index)}"> ${value}</label>
`,
)}</fieldset>
`,
)}<button type="reset">Show all</button>
</form>`;
}

/** Returns the classes of a finding, by which the rules know it. Values stand in them by number: they may be any text. */
export function classesOf(finding: Finding, facets: readonly UsedFacet[]): string {
  return facets.map(({ name, read, values }) => classOf(name, values.indexOf(read(finding)))).join(' ');
}

/** Returns the rules. */
export function filterRules(facets: readonly UsedFacet[]): string {
  return facets
    .flatMap(({ name, values }) =>
      values.map(
        (_, index) =>
          `body:has(#${idOf(name, index)}:not(:checked)) .${classOf(name, index)} { display: none; }\n`,
      ),
    )
    .join('');
}

const idOf = (name: string, index: number) => `show-${name}-${index}`;
const classOf = (name: string, index: number) => `is-${name}-${index}`;
