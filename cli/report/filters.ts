/**
 * Filters that need no script: a box for each value, and a rule of style that hides what an empty box stands for. So a
 * page from a mail or an archive works wherever it is opened. How many findings are left is counted by style as well.
 */
import type { Finding } from '../../shared/findings/finding.ts';
import { type Html, html } from './html.ts';

type Facet = {
  readonly name: string;
  readonly title: string;
  readonly read: (finding: Finding) => string;
};

const FACETS: readonly Facet[] = [
  { name: 'severity', title: 'Severity', read: ({ severity }) => severity.toLowerCase() },
  { name: 'status', title: 'Status', read: ({ status }) => status.toLowerCase().replaceAll('_', ' ') },
  { name: 'kind', title: 'Kind of target', read: ({ target }) => target.kind },
  { name: 'account', title: 'Account', read: ({ target }) => target.accountId },
];

/** As people expect them; other values follow by name. */
const ORDER = ['critical', 'high', 'medium', 'low', 'info', 'active'];

/** A facet in which the findings differ, with how many findings have each value. */
type UsedFacet = Facet & {
  readonly values: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
};

/** Returns the facets worth filtering by: those with more than one value. */
export function usedFacets(findings: readonly Finding[]): UsedFacet[] {
  return FACETS.map((facet) => {
    const counts = new Map<string, number>();
    for (const finding of findings) {
      const value = facet.read(finding);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return { ...facet, values: [...counts.keys()].sort(byOrder), counts };
  }).filter(({ values }) => values.length > 1);
}

function byOrder(a: string, b: string): number {
  const [first, second] = [a, b].map((value) =>
    ORDER.includes(value) ? ORDER.indexOf(value) : ORDER.length,
  );
  return first === second ? (a < b ? -1 : 1) : (first ?? 0) - (second ?? 0);
}

/** With more values than this a facet is folded: they would fill the screen of a phone. */
const MAX_UNFOLDED = 6;

/**
 * Returns the boxes; nothing when there is nothing to choose. All of them are ticked, but what is closed is hidden at
 * first where something is active: whoever opens the page has the active findings to go through.
 */
export function renderFilters(facets: readonly UsedFacet[]): Html | undefined {
  if (facets.length === 0) return undefined;
  return html`<form class="filters" aria-label="Show">
${facets.map((facet) => {
  const { title, values } = facet;
  return values.length > MAX_UNFOLDED
    ? html`<details><summary>${title} (${values.length})</summary><fieldset><legend class="unseen">${title}</legend>
${boxes(facet)}</fieldset></details>
`
    : html`<fieldset><legend>${title}</legend>
${boxes(facet)}</fieldset>
`;
})}<button type="reset">Reset</button>
</form>`;
}

function boxes({ name, values, counts }: UsedFacet): Html[] {
  const hidesClosed = name === 'status' && values.includes('active');
  return values.map((value, index) => {
    const checked = hidesClosed && value !== 'active' ? undefined : ' checked';
    return html`<label><input type="checkbox"${checked} id="${idOf(name, index)}"> ${value} <span class="quiet">${counts.get(value) ?? 0}</span></label>
`;
  });
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
// Short: a page holds one for each finding and facet.
const classOf = (name: string, index: number) => `${name[0] ?? ''}${name[1] ?? ''}${index}`;
