/**
 * Can what somebody lists ever be asked about? By the Service Authorization Reference: whether resources of a service
 * have a Region or an account in their ARNs, and whether it has an action of the name.
 */
import { loadReference, type Reference } from './reference.ts';

/** Returns what answers by the reference, which it loads. */
export async function loadReach(): Promise<Reach> {
  const reference = await loadReference();
  return {
    resourceProblem: (resource) => resourceProblem(resource, reference),
    actionProblem: (action) => actionProblem(action, reference),
    pairProblem: (actions, resources) => pairProblem(actions, resources, reference),
  };
}

/** What the reference says of listed names. */
type Reach = {
  /**
   * Returns why no request names a resource that the listed ARN (of six parts) matches, one sentence after its name;
   * undefined iff one may: resources that read so have a Region or an account where the ARN names one.
   */
  readonly resourceProblem: (resource: string) => string | undefined;
  /** Returns that the reference has no such action, one sentence after its name; undefined iff it has one. */
  readonly actionProblem: (action: string) => string | undefined;
  /**
   * Returns that no request is of one of the actions on one of the resources, one sentence; undefined iff one may be, or
   * the reference does not know an action.
   */
  readonly pairProblem: (actions: readonly string[], resources: readonly string[]) => string | undefined;
};

function resourceProblem(resource: string, reference: Reference): string | undefined {
  const [, , service = '', region = '', account = '', ...rest] = resource.split(':');
  const name = rest.join(':');
  // Of types that the reference does not list nothing is known.
  const alike = formatsOf(service, reference).filter((format) => meet(name, format.name));
  const fields = [
    { word: 'Region', text: region, ofFormat: (format: Format) => format.region },
    { word: 'account', text: account, ofFormat: (format: Format) => format.account },
  ];
  const fitting = (format: Format) =>
    fields.every(({ text, ofFormat }) => meet(text, ofFormat(format)) || text === '');
  if (alike.length === 0 || alike.some(fitting)) return undefined;
  const odd = fields.find(
    ({ text, ofFormat }) => text !== '' && !alike.some((one) => meet(text, ofFormat(one))),
  );
  const { word, text } = odd ?? { word: 'Region and account', text: `${region}:${account}` };
  return `has \`${text}\` for its ${word}, and no resource of \`${service}\` that reads so has one; leave it empty`;
}

/** Patterns of an ARN's last three parts, `*` for a placeholder; what is empty is so in every ARN. */
type Format = { readonly region: string; readonly account: string; readonly name: string };

function formatsOf(service: string, reference: Reference): Format[] {
  if (/[*?]/.test(service)) return [];
  const found = new Map<string, Format>();
  for (const { name, arnServices } of reference.services) {
    if (!arnServices.includes(service)) continue;
    const taken = reference.service(name)?.groups.flatMap((group) => group.taken) ?? [];
    for (const format of taken.flatMap(({ type }) => type.formats)) {
      const [own, region = '', account = '', ...rest] = format.replace(/\{[^}]*\}/g, '*').split(':');
      if (own === service) found.set(format, { region, account, name: rest.join(':') });
    }
  }
  return [...found.values()];
}

function actionProblem(action: string, reference: Reference): string | undefined {
  const [service = '', name] = action.toLowerCase().split(':');
  if (name === undefined || /[*?]/.test(service)) return undefined;
  const known = reference.service(service);
  if (known === undefined)
    return `is of \`${service}\`, a service that the Service Authorization Reference lacks`;
  if ([...known.actions.keys()].some((one) => meet(`${service}:${name}`, one))) return undefined;
  return 'is no action that the Service Authorization Reference has';
}

function pairProblem(
  actions: readonly string[],
  resources: readonly string[],
  reference: Reference,
): string | undefined {
  const taken = actions.map((action) => formatsTaken(action.toLowerCase(), reference));
  const isPossible = (resource: string) => {
    const [, , ...rest] = resource.split(':');
    return (
      resource === '*' || taken.some((formats) => formats?.some((one) => meet(rest.join(':'), one)) ?? true)
    );
  };
  return actions.length === 0 || resources.length === 0 || resources.some(isPossible)
    ? undefined
    : 'by the Service Authorization Reference, no listed action takes such a resource as the listed ones';
}

/** Patterns of the resources that actions of the name take; undefined where the reference has none. */
function formatsTaken(action: string, reference: Reference): string[] | undefined {
  const [service = ''] = action.split(':');
  const groups = /[*?]/.test(service) ? [] : (reference.service(service)?.groups ?? []);
  const named = groups.filter((group) => group.actions.some((one) => meet(action, one.toLowerCase())));
  return named.length === 0
    ? undefined
    : named.flatMap(({ taken }) =>
        taken.flatMap(({ type }) => type.formats.map((format) => format.replace(/\{[^}]*\}/g, '*'))),
      );
}

/** Returns true iff some text matches both patterns (`*`, `?`). */
export function meet(a: string, b: string): boolean {
  const seen = new Set<string>();
  const from = (i: number, j: number): boolean => {
    const place = `${i} ${j}`;
    if (seen.has(place)) return false;
    seen.add(place);
    if (a[i] === '*') return from(i + 1, j) || (j < b.length && from(i, j + 1));
    if (b[j] === '*') return from(i, j + 1) || (i < a.length && from(i + 1, j));
    if (i >= a.length || j >= b.length) return i >= a.length && j >= b.length;
    return (a[i] === b[j] || a[i] === '?' || b[j] === '?') && from(i + 1, j + 1);
  };
  return from(0, 0);
}
