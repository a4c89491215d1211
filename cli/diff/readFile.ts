/** A file before and after → what both sides state, whatever its format. */

import { type EntityState, plainEntities, type Stated } from './entities.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import { isAccountDetails, readAccountDetails } from './formats/accountDetails.ts';
import { readAnyDocuments } from './formats/anyDocuments.ts';
import { readStack } from './formats/cloudformation/read.ts';
import { makesStacks, plainStack } from './formats/cloudformation/stack.ts';
import {
  type Deployment,
  domainsOf,
  type Template,
  withRetained,
} from './formats/cloudformation/template.ts';
import {
  fileKind,
  isDisguised,
  makesResources,
  mayHold,
  mentionsPolicy,
  mentionsTerraform,
} from './formats/fileKind.ts';
import { isServerless, readServerless } from './formats/serverless.ts';
import { readSources, type Source } from './formats/source.ts';
import { templatesIn } from './formats/templates.ts';
import { isTerraformJson, readTerraformJson } from './formats/terraform/json.ts';
import { isPlan, readPlan } from './formats/terraform/plan.ts';
import type { Fact, Unread } from './state.ts';
import { anySymbol } from './symbols.ts';

/** A file that differs; a side is absent where the file does not exist. */
export type FileTexts = {
  readonly path: string;
  /** Where it was before, if elsewhere. */
  readonly formerPath?: string;
  readonly before?: string;
  readonly after?: string;
  /** Why a side could not be read at all. */
  readonly problem?: string;
  /** True iff a person named both sides: two plans are then two states. */
  readonly isPair?: boolean;
};

export type FileStates = {
  readonly before: Stated;
  readonly after: Stated;
  /** False: the file can hold no policy. */
  readonly isRelevant: boolean;
  /** True iff it is a plan, which is a deployment of its own. */
  readonly isPlan?: boolean;
};

/** Programs and texts that are filled in may begin so and be more. */
const isCode = (path: string) =>
  fileKind(path) === 'filled' ||
  (fileKind(path) === 'language' && !/\.([ct]sv|conf|cfg|ini|env|properties|xml|sql)$/i.test(path));

const NOTHING: Stated = { entities: [], unread: [] };

/** Returns what both sides state. A plan holds both sides itself. Never throws. */
export function readFile(
  { path, before, after, problem, isPair = false }: FileTexts,
  deployment: Deployment,
): FileStates {
  const kind = [before, after].some((text) => text !== undefined && isDisguised(path, text) && !isCode(path))
    ? 'data'
    : fileKind(path);
  if (problem !== undefined) {
    const unread = [{ file: path, key: problem, why: problem }];
    return { before: NOTHING, after: { entities: [], unread }, isRelevant: true };
  }
  const texts = [before, after].filter((text) => text !== undefined);
  if (kind === 'language') return readMentions(path, before, after);
  if (kind === 'other' || !texts.some((text) => mayHold(text) || text.startsWith('version https://git-lfs')))
    return { before: NOTHING, after: NOTHING, isRelevant: false };
  const [old, now] = [before, after].map((text) => read(text, kind));
  const [earlier, plan] = [old, now].map((side) => side?.sources.map(({ value }) => value).find(isPlan));
  if (plan !== undefined)
    return { ...plansOf(isPair ? earlier : undefined, plan, path), isRelevant: true, isPlan: true };
  const templates = [old, now].map((side) => side?.sources.flatMap(({ value }) => templatesIn(value)) ?? []);
  const domains = domainsOf(templates.flat());
  const [stood = [], stands = []] = templates;
  const retained = new Map(
    stands.map((template, index) => [
      template,
      stood.length === stands.length ? withRetained(stood[index], template) : template,
    ]),
  );
  const state = (side: Side | undefined): Stated => {
    if (side === undefined) return NOTHING;
    if (side.problem !== undefined)
      return isWanted(side) ? { entities: [], unread: [unreadable(path, side)] } : NOTHING;
    // A script without a name that says so: nothing in it is read.
    if (side.sources.every(({ value }) => typeof value === 'string') && mentionsPolicy(side.text))
      return {
        entities: [],
        unread: [{ file: path, key: bare(side.text), why: 'its language is not evaluated' }],
      };
    const stated = side.sources.map((source) =>
      stateOf(source, { path, side, domains, deployment, retained }),
    );
    return {
      entities: stated.flatMap(({ entities }) => entities),
      unread: stated.flatMap(({ unread }) => unread),
    };
  };
  const stated = [state(old), state(now)] as const;
  // What held something and cannot be parsed any more, or could not, may hold it still.
  const orUnread = (
    side: Side | undefined,
    isNone: boolean,
    [own, other]: readonly [Stated, Stated],
  ): Stated =>
    side !== undefined && isNone && own.unread.length === 0 && other.entities.some(holdsSomething)
      ? { entities: [], unread: [unreadable(path, side)] }
      : own;
  const was = orUnread(old, old?.problem !== undefined, stated);
  const is = orUnread(now, now !== undefined && isNoObject(now), [stated[1], stated[0]]);
  const isRelevant = [was, is].some(
    ({ entities, unread }) => entities.some(holdsSomething) || unread.length > 0,
  );
  return { before: was, after: is, isRelevant };
}

/** A plan holds both states. Two plans of the same resources are two states of them; of others each is judged. */
function plansOf(
  earlier: Fields | undefined,
  plan: Fields,
  path: string,
): Pick<FileStates, 'before' | 'after'> {
  const now = readPlan(plan, path);
  if (earlier === undefined) return now;
  const old = readPlan(earlier, path);
  if (sharesAddress(earlier, plan)) return { before: old.after, after: now.after };
  const both = (a: Stated, b: Stated): Stated => ({
    entities: [...a.entities, ...b.entities],
    unread: [...a.unread, ...b.unread],
  });
  return { before: both(old.before, now.before), after: both(old.after, now.after) };
}

function sharesAddress(a: Fields, b: Fields): boolean {
  const addressesOf = (plan: Fields) =>
    listOf(plan['resource_changes']).flatMap((each) => (isFields(each) ? [String(each['address'])] : []));
  const known = new Set(addressesOf(a));
  return addressesOf(b).some((address) => known.has(address));
}

/** A file of any shape states a list of policies that may be empty. */
function holdsSomething({ type, alternatives }: EntityState): boolean {
  return (
    type !== 'policy-list' ||
    alternatives.some(({ facets }) => [...facets.values()].some(({ length }) => length > 0))
  );
}

type Side = {
  readonly text: string;
  readonly sources: readonly Source[];
  readonly problem?: string;
  readonly isWanted?: boolean;
};

function read(text: string | undefined, kind: 'data' | 'filled'): Side | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('version https://git-lfs.github.com/spec'))
    return { text, sources: [], problem: 'it is kept in Git LFS', isWanted: true };
  const found = readSources(kind === 'filled' ? filledIn(text) : text);
  return typeof found === 'string' ? { text, sources: [], problem: found } : { text, sources: found };
}

/** What stands for a value in `${x}`, `{{ x }}` and `<%= x %>`, but not IAM's own `${aws:username}`, which no language fills in. */
const PLACEHOLDER = /\$\{(?!\s*[\w.-]+:[\w/.]|[*?$]\})([^{}"]*)\}|\{\{-?([^{}]*?)-?\}\}|<%=([^%]*)%>/g;

/** The values are not in the file; loops and branches make it unreadable. */
function filledIn(text: string): string {
  return (
    text
      .replace(/\$\$\{/g, '\uE003')
      // Without its brackets: the name is written into policies, where `${x}` would read as a variable of IAM's.
      .replace(PLACEHOLDER, (_, ...names: (string | undefined)[]) => {
        const name = names.slice(0, 3).find((each) => each !== undefined) ?? '';
        return anySymbol(name.replace(/["\\\n]/g, ' ').trim());
      })
      .replaceAll('\uE003', '${')
  );
}

const isWanted = ({ text, isWanted: always = false }: Side) =>
  always || mentionsPolicy(text) || /AWS::[A-Z]\w*::|\baws_\w+/.test(text);

/** An empty file says that there is nothing; one of words says nothing. */
const isNoObject = ({ problem, sources }: Side) =>
  problem !== undefined || (sources.length > 0 && sources.every(({ value }) => typeof value === 'string'));

function unreadable(file: string, { text, problem = 'it holds words alone' }: Side): Unread {
  const [, line] = /^line (\d+)/.exec(problem) ?? [];
  const at = Number(line);
  const region =
    line === undefined ? undefined : { startLine: at, startColumn: 1, endLine: at, endColumn: 2 };
  return { file, key: trimmed(text), why: `it cannot be read: ${problem}`, region };
}

type Options = {
  readonly path: string;
  readonly side: Side;
  readonly domains: ReturnType<typeof domainsOf>;
  readonly deployment: Deployment;
  /** Templates with what stays of those before them. */
  readonly retained: ReadonlyMap<Template, Template>;
};

function stateOf(source: Source, { path, side, domains, deployment, retained }: Options): Stated {
  const { value } = source;
  const templates = templatesIn(value);
  const stated = templates.map((template) =>
    readStack(plainStack(retained.get(template) ?? template, path, source), {
      domains: () => domains,
      deployment,
    }),
  );
  const facts = factsOf(source, path, side.text, templates.length > 0);
  const entities = [...stated.flatMap((each) => each.entities), ...plainEntities(facts, path)];
  const unread = stated.flatMap((each) => each.unread);
  if (
    !entities.some(holdsSomething) &&
    unread.length === 0 &&
    !isTree(value) &&
    // What a stack holds is read where it is deployed.
    !templates.some(makesStacks) &&
    looksLikePolicy(value, side.text)
  )
    return {
      entities,
      unread: [
        { file: path, key: trimmed(side.text), why: 'it looks like a policy and is in no form that is read' },
      ],
    };
  // A form of some other program: what it says of policies counts where that changed.
  const said =
    entities.some(holdsSomething) || templates.length > 0 || isTree(value) ? [] : mentionsIn(side.text);
  if (unread.length === 0 && said.length > 0)
    return {
      entities,
      unread: [
        { file: path, key: said.join('\n'), why: 'it speaks of policies and is in no form that is read' },
      ],
    };
  return { entities, unread };
}

/** White space at the ends of lines says nothing; that at their beginnings may. */
const trimmed = (text: string) => text.replace(/[ \t\r]+$/gm, '').trim();

/** The lines that speak of policies. */
const mentionsIn = (text: string) =>
  text.split('\n').flatMap((line) => (mentionsPolicy(line) ? [line.replace(/\s+/g, ' ').trim()] : []));

function factsOf(source: Source, path: string, text: string, hasTemplate: boolean): Fact[] {
  const { value } = source;
  if (isServerless(value)) return readServerless(source, path);
  if (hasTemplate || isTree(value)) return [];
  if (isAccountDetails(value)) return readAccountDetails(source, path);
  if (/\.tf\.json$/i.test(path) && isTerraformJson(value)) return readTerraformJson(source, path);
  if (isTerraformJson(value) && JSON.stringify(value).includes('"aws_'))
    return readTerraformJson(source, path);
  return readAnyDocuments(source, path, text);
}

/** The CDK's `tree.json` repeats what its templates say. */
function isTree(value: unknown): boolean {
  return isFields(value) && String(value['version']).startsWith('tree-');
}

function looksLikePolicy(value: unknown, whole: string): boolean {
  const text = JSON.stringify(value) ?? '';
  const isStatement = /"effect":"(allow|deny)"/i.test(text) && /"(not_?)?actions?":/i.test(text);
  const isWritten = /\bStatements?["']?\s*[:=]/.test(whole) && /\bEffect["']?\s*[:=]/.test(whole);
  return isStatement || isWritten || /actions?":\[?"([a-z0-9-]+:(\*|[A-Z])|\*")/i.test(text);
}

/** Languages are not evaluated: where one speaks of policies and changed, nobody knows what it grants. */
function readMentions(file: string, before: string | undefined, after: string | undefined): FileStates {
  const isTerraform = /\.(tf|tofu|hcl|tfvars|tfvars\.json)$/i.test(file);
  const speaks = (text: string | undefined) =>
    text !== undefined &&
    (mentionsPolicy(text) || makesResources(file, text) || (isTerraform && mentionsTerraform(text)));
  // Tables hold what a configuration reads; what they mean, only that tells.
  if (/\.[ct]sv$/i.test(file) || (!speaks(before) && !speaks(after)))
    return { before: NOTHING, after: NOTHING, isRelevant: false };
  const [old, now] = [before, after].map((text) => (text === undefined ? undefined : bare(text)));
  const why = isTerraform
    ? 'HCL is not evaluated; give `ratchet diff` the plan (`terraform show -json`)'
    : 'its language is not evaluated; give `ratchet diff` what it synthesizes';
  const state = (key: string | undefined): Stated =>
    key === undefined ? NOTHING : { entities: [], unread: [{ file, key, why }] };
  return { before: state(old), after: state(now), isRelevant: true };
}

/** White space and whole lines of comment change nothing. */
function bare(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(#|\/\/)/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
