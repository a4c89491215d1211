/**
 * What of the stack follows from the kinds, as YAML: the rules that let their events through, the policies that let the
 * roles read, list and write them, and the boundary of what writes. `npm run generate` writes it and a test compares.
 */

import { NAMED_EVENTS } from '../shared/services/namedEvents.ts';
import { KINDS, SERVICE_EVENTS } from '../shared/services/registry.ts';
import { SELF_PROTECTION_TABLE } from '../shared/services/selfProtection.ts';
import type { Permission } from '../shared/targets/kind.ts';

/** IAM takes so many characters in a managed policy, white space not counted. Source: IAM User Guide, "Quotas". */
const MAX_POLICY_CHARACTERS = 6_144;
/** EventBridge takes so many characters in a pattern. Source: EventBridge User Guide, "Quotas". */
const MAX_PATTERN_CHARACTERS = 2_048;

const HEAD =
  '# Made by `npm run generate` of the kinds (shared/services/*/kinds.ts and events.ts); not to be edited.';

/** Returns the files' paths and texts. */
export function infraFiles(): readonly { readonly path: string; readonly text: string }[] {
  const [read, list, write] = (['read', 'list', 'write'] as const).map((use) =>
    packed(KINDS.flatMap(({ permissions }) => permissions[use])),
  ) as [Packed, Packed, Packed]; // One for each use.
  return [
    { path: 'infra/generated/events.yml', text: rules() },
    { path: 'infra/generated/policies.yml', text: policies({ read, list, write }) },
    { path: 'infra/generated/attached.yml', text: attached({ read, list, write }) },
  ];
}

type Statement = { readonly resources: readonly string[]; readonly actions: readonly string[] };
type Packed = readonly (readonly Statement[])[];

/** Statements with the same resources become one. */
function merged(permissions: readonly Permission[]): Statement[] {
  const byResources = Map.groupBy(permissions, ({ resources }) => [...resources].sort().join(' '));
  return [...byResources.values()].map((of) => ({
    resources: of[0]?.resources ?? [],
    actions: [...new Set(of.flatMap(({ actions }) => actions))].sort(),
  }));
}

/** The length of a statement as it stands in the template, which is no shorter than what IAM gets. */
function sizeOf({ resources, actions }: Statement): number {
  const arns = resources.map((arn) => (arn === '*' ? arn : { 'Fn::Sub': subOf(arn) }));
  return JSON.stringify({ Effect: 'Allow', Action: actions, Resource: arns }).length + 1;
}

const FRAME = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;

/** As few policies as it takes, largest statements first, each into the first that has room. */
function packed(permissions: readonly Permission[]): Packed {
  const bins: { size: number; readonly statements: Statement[] }[] = [];
  const parts = merged(permissions).flatMap(split);
  for (const statement of parts.sort((a, b) => sizeOf(b) - sizeOf(a))) {
    const size = sizeOf(statement);
    const bin = bins.find((one) => one.size + size <= MAX_POLICY_CHARACTERS);
    if (bin === undefined) bins.push({ size: FRAME + size, statements: [statement] });
    else {
      bin.size += size;
      bin.statements.push(statement);
    }
  }
  return bins.map(({ statements }) => statements);
}

/** A statement that alone is too long for a policy becomes several. */
function split(statement: Statement): Statement[] {
  if (FRAME + sizeOf(statement) <= MAX_POLICY_CHARACTERS) return [statement];
  const half = Math.ceil(statement.actions.length / 2);
  return [statement.actions.slice(0, half), statement.actions.slice(half)].flatMap((actions) =>
    split({ ...statement, actions }),
  );
}

type Uses = { readonly read: Packed; readonly list: Packed; readonly write: Packed };

const NAMES = { read: 'Read', list: 'List', write: 'Write' } as const;
const nameOf = (use: keyof Uses, index: number) => `${NAMES[use]}${index + 1}Policy`;

function policies(uses: Uses): string {
  const resources = (Object.keys(NAMES) as (keyof Uses)[]).flatMap((use) =>
    uses[use].map(
      (statements, index) => `  ${nameOf(use, index)}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Path: /ratchet/
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
${statements.map(statementYaml).join('')}`,
    ),
  );
  return `${HEAD}
# What the guard may read, list and write of the account's policies. A managed policy holds 6,144 characters; a role takes
# ten of them.
Resources:
${resources.join('')}`;
}

function statementYaml({ actions, resources }: Statement): string {
  const list = (items: readonly string[]) => items.map((item) => `              - ${item}\n`).join('');
  return `          - Effect: Allow
            Action:
${list(actions)}            Resource:
${list(resources.map(arnYaml))}`;
}

const arnYaml = (arn: string) => (arn === '*' ? '"*"' : `!Sub "${subOf(arn)}"`);

/** The ARN in CloudFormation's own form. */
function subOf(arn: string): string {
  const named = (name: string) => ['$', '{AWS::', name, '}'].join('');
  return arn.replace('{partition}', named('Partition')).replace('{account}', named('AccountId'));
}

/** The lists of policies that the roles take, and of actions that the boundary of the role that writes allows. */
function attached(uses: Uses): string {
  const names = (...which: (keyof Uses)[]) =>
    which.flatMap((use) => uses[use].map((_, index) => `  - !Ref ${nameOf(use, index)}\n`)).join('');
  const lines = (actions: readonly string[]) => actions.map((action) => `  - ${action}\n`).join('');
  const reads = byBeginnings(actionsOf('read'), 1);
  return `${HEAD}
# Which of policies.yml each role takes.
reading:
${names('read')}sweeping:
${names('read', 'list')}restoring:
${names('read', 'write')}# What the rollback role may do at most: a boundary grants nothing, and holds no more than one policy.
mayWrite:
${lines(withinBudget(actionsOf('write'), MAX_BOUNDARY_CHARACTERS - JSON.stringify(reads).length))}mayRead:
${lines(reads)}`;
}

const actionsOf = (use: keyof Uses): string[] =>
  [...new Set(KINDS.flatMap(({ permissions }) => permissions[use].flatMap(({ actions }) => actions)))].sort();

/** What the boundary has room for beside what it denies, and what the functions do besides. */
const MAX_BOUNDARY_CHARACTERS = 4_050;

/** Each action by its name, or as few beginnings as it takes to fit. */
function withinBudget(actions: readonly string[], maxCharacters: number): readonly string[] {
  const tries = [Number.POSITIVE_INFINITY, 5, 4, 3, 2].map((atLeast) => byBeginnings(actions, atLeast));
  const fitting = tries.find((names) => JSON.stringify(names).length <= maxCharacters);
  if (fitting === undefined) throw new Error('the boundary has no room for what the kinds write');
  return fitting;
}

/** Names so many of a service that begin with one word become that word and \`*\`. */
function byBeginnings(actions: readonly string[], atLeast: number): string[] {
  const byVerb = Map.groupBy(
    [...new Set(actions)].sort(),
    (action) => /^[^:]+:[A-Z][a-z]+/.exec(action)?.[0] ?? action,
  );
  return [...byVerb].flatMap(([verb, named]) =>
    named.length >= atLeast && /[a-z]$/.test(verb) ? [`${verb}*`] : named,
  );
}

type Pattern = { readonly sources: readonly string[]; readonly names: readonly string[] };

const patternLength = ({ sources, names }: Pattern) => JSON.stringify(patternOf({ sources, names })).length;

function patternOf({ sources, names }: Pattern) {
  return {
    ...(sources.length === 1 ? { source: [`aws.${(sources[0] ?? '').split('.')[0]}`] } : {}),
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: sources,
      errorCode: [{ exists: false }],
      eventName: names.map((name) => (name.endsWith('*') ? { prefix: name.slice(0, -1) } : name)),
    },
  };
}

/** A rule a service for what is judged; what is only named shares rules, as many as a pattern's length allows. */
function rules(): string {
  const judged = SERVICE_EVENTS.map(({ source, rows }) => ({
    id: `${idOf(source)}Rule`,
    description: `Changes of who may do what in ${source.split('.')[0]}`,
    pattern: { sources: [source], names: [...new Set(rows.map(({ name }) => name))] },
  }));
  const named = shared(
    NAMED_EVENTS.flatMap(({ source, names }) => names.map((name) => ({ source, name }))),
  ).map((pattern, index) => ({
    id: `Named${index + 1}Rule`,
    description: 'Policy events that are named and not judged',
    pattern,
  }));
  const own = shared(SELF_PROTECTION_TABLE).map((pattern, index) => ({
    id: `SelfProtection${index === 0 ? '' : index + 1}Rule`,
    description: 'Calls that touch what the guard is made of',
    pattern,
  }));
  return `${HEAD}
# A trail must log management events in this Region, or nothing reaches EventBridge.
Resources:
${[...judged, ...named, ...own].map(ruleYaml).join('')}`;
}

/** Sources together, their names together: more gets through than is asked for, and the reader sorts it out. */
function shared(events: readonly { readonly source: string; readonly name: string }[]): Pattern[] {
  const patterns: { sources: string[]; names: string[] }[] = [];
  for (const { source, name } of events) {
    const last = patterns.at(-1);
    const next = {
      sources: [...new Set([...(last?.sources ?? []), source])],
      names: [...new Set([...(last?.names ?? []), name])],
    };
    if (last !== undefined && patternLength(next) <= MAX_PATTERN_CHARACTERS) patterns.splice(-1, 1, next);
    else patterns.push({ sources: [source], names: [name] });
  }
  return patterns;
}

const idOf = (source: string) =>
  (source.split('.')[0] ?? '')
    .split('-')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('');

function ruleYaml({
  id,
  description,
  pattern,
}: {
  id: string;
  description: string;
  pattern: Pattern;
}): string {
  const { source, detail } = patternOf(pattern);
  const list = (items: readonly string[]) => items.map((item) => `            - ${item}\n`).join('');
  return `  ${id}:
    Type: AWS::Events::Rule
    Properties:
      Description: ${description}
      EventPattern:
${source === undefined ? '' : `        source: [${source.join(', ')}]\n`}        detail-type: [AWS API Call via CloudTrail]
        detail:
          eventSource:
${list(detail.eventSource)}          errorCode: [{ exists: false }]
          eventName:
${list(detail.eventName.map((name) => (typeof name === 'string' ? name : `prefix: ${name.prefix}`)))}      Targets:
        - Id: events
          Arn: !GetAtt EventQueue.Arn
          RetryPolicy: { MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185 }
          DeadLetterConfig: { Arn: !GetAtt EventDeadLetters.Arn }
`;
}
