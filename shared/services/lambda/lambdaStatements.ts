/** Policies of Lambda that are written statement by statement: of functions and of layer versions. */
import type { Write } from '../../targets/aws.ts';
import type { DocumentCommand } from '../../targets/kind.ts';
import { canonicalDocument, documentPart, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { quoted } from '../../targets/undo.ts';

type Statement = { readonly [element: string]: unknown };

export type Versions = { readonly accepted: Snapshot; readonly live: Snapshot };

/** What to name in a call for compare-and-set: nothing after the first write. */
type Revision = { readonly RevisionId?: string };

/**
 * Returns the policy with its statements in the order of their ids: Lambda keeps them in the order of their making, which
 * no restore can bring back, and which means nothing.
 */
export function inOrder(policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const { Statement: list = [], ...rest } = JSON.parse(policy) as { readonly Statement?: Statement[] };
  const sidOf = (statement: Statement) => String(statement['Sid'] ?? '');
  return JSON.stringify({ ...rest, Statement: list.toSorted((a, b) => (sidOf(a) < sidOf(b) ? -1 : 1)) });
}

/** Returns the policy with the document's one statement in it, the same content iff it is there; undefined where the text is none. */
export function withStatement(live: Snapshot, document: string): Snapshot | undefined {
  let statement: Statement | undefined;
  try {
    // What it is no statement by, the parser of policies tells.
    ({
      Statement: [statement],
    } = JSON.parse(document) as { readonly Statement: readonly Statement[] });
  } catch {
    return undefined;
  }
  if (statement === undefined) return undefined;
  const there = statementsOf(live);
  const sid = String(statement['Sid'] ?? '');
  if (isSame(statement, there.get(sid))) return live;
  const policy = { Version: '2012-10-17', Statement: [...there.set(sid, statement).values()] };
  return makeSnapshot({ ...live, parts: documentPart(inOrder(JSON.stringify(policy))) });
}

/** A parameter of the call that adds a statement, and the condition that Lambda makes of it. */
type ConditionParameter = {
  readonly operator: string;
  readonly key: string;
  readonly parameter: string;
};

/** The call's parameters beside the ids. */
export type Permission = {
  readonly Action: string;
  readonly Principal: string;
  readonly [parameter: string]: string;
};

/**
 * Returns what the call is to be given so that Lambda makes this very statement; undefined iff no call makes it: a Deny,
 * several actions, a condition of another kind. Such statements come from policies that were written as a whole.
 */
export function permissionOf(
  statement: Statement,
  parameters: readonly ConditionParameter[],
): Permission | undefined {
  const { Sid, Effect, Principal, Action, Resource, Condition = {}, ...others } = statement;
  const named = typeof Principal === 'object' && Principal !== null ? Object.values(Principal) : [Principal];
  const texts = [Sid, Action, Resource, ...named];
  const isPlain = Effect === 'Allow' && Object.keys(others).length === 0 && named.length === 1;
  if (!isPlain || !texts.every((text) => typeof text === 'string')) return undefined;
  const given = Object.entries(Condition as { readonly [operator: string]: object }).flatMap(
    ([operator, tests]) =>
      Object.entries(tests).map(([key, value]) => {
        const parameter = parameters.find(
          (one) => one.operator === operator && one.key.toLowerCase() === key.toLowerCase(),
        )?.parameter;
        return parameter === undefined || typeof value !== 'string' ? undefined : [parameter, value];
      }),
  );
  if (given.includes(undefined)) return undefined;
  return {
    Action: String(Action),
    Principal: String(named[0]),
    ...Object.fromEntries(given.map((one) => one ?? [])),
  };
}

/** What AddPermission makes conditions of. Source: Lambda API Reference, AddPermission. */
export const FUNCTION_PARAMETERS: readonly ConditionParameter[] = [
  { operator: 'ArnLike', key: 'AWS:SourceArn', parameter: 'SourceArn' },
  { operator: 'StringEquals', key: 'AWS:SourceAccount', parameter: 'SourceAccount' },
  { operator: 'StringEquals', key: 'aws:PrincipalOrgID', parameter: 'PrincipalOrgID' },
  { operator: 'StringEquals', key: 'lambda:EventSourceToken', parameter: 'EventSourceToken' },
  { operator: 'StringEquals', key: 'lambda:FunctionUrlAuthType', parameter: 'FunctionUrlAuthType' },
  { operator: 'Bool', key: 'lambda:InvokedViaFunctionUrl', parameter: 'InvokedViaFunctionUrl' },
];

/** What Lambda makes a condition of. Source: Lambda API Reference, AddLayerVersionPermission. */
export const LAYER_PARAMETERS: readonly ConditionParameter[] = [
  { operator: 'StringEquals', key: 'aws:PrincipalOrgID', parameter: 'OrganizationId' },
];

/** An account is shown as the ARN of its root and given as its number. */
export function byNumber(permission: Permission): Permission {
  const [, account] = /^arn:[^:]*:iam::(\d{12}):root$/.exec(permission.Principal) ?? [];
  return account === undefined ? permission : { ...permission, Principal: account };
}

/** The two commands up to what they say of the statement. */
type StatementWords = {
  readonly parameters: readonly ConditionParameter[];
  readonly remove: string;
  readonly add: string;
};

/**
 * Returns the AWS CLI commands that make the statements what they were; where a statement is none that a permission
 * makes, the whole policy is written instead, which layers have no call for.
 */
export function statementCommands(
  live: Snapshot,
  wanted: Snapshot,
  { parameters, remove, add }: StatementWords,
): readonly (string | DocumentCommand)[] {
  const { removed, added } = changesTo(statementsOf(wanted), statementsOf(live));
  const permissions = added.map(([sid, statement]) => ({
    sid,
    permission: permissionOf(statement, parameters),
  }));
  if (permissions.some(({ permission }) => permission === undefined))
    return [
      {
        command: `aws lambda put-resource-policy --resource-arn ${live.target.arn} --policy file://before.json`,
        document: parameters === LAYER_PARAMETERS ? undefined : partDocument(wanted, 'document'),
      },
    ];
  return [
    ...removed.map(([sid]) => `${remove} --statement-id ${quoted(sid)}`),
    ...permissions.flatMap(({ sid, permission }) =>
      permission === undefined
        ? []
        : `${add} --statement-id ${quoted(sid)}${Object.entries(byNumber(permission)).map(toOption).join('')}`,
    ),
  ];
}

/** `SourceArn` as `--source-arn`, with its value; a switch has none. */
function toOption([parameter, value]: readonly [string, string]): string {
  const name = parameter.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return value === 'true' || value === 'false'
    ? ` --${value === 'true' ? '' : 'no-'}${name}`
    : ` --${name} ${quoted(value)}`;
}

/** Returns why the accepted statements cannot be restored; undefined iff each that is missing can be made by a call. */
export function whyNotSayable(
  { accepted, from }: { readonly accepted: Snapshot; readonly from: Snapshot },
  parameters: readonly ConditionParameter[],
): string | undefined {
  const { added } = changesTo(statementsOf(accepted), statementsOf(from));
  const [sid] = added.find(([, statement]) => permissionOf(statement, parameters) === undefined) ?? [];
  if (sid === undefined) return undefined;
  return `statement \`${sid}\` is none that a permission makes; put the whole policy back by hand`;
}

/** The two calls, and how people know them. */
type StatementCalls = {
  /** `the policy of my-function` */
  readonly whose: string;
  readonly operations: { readonly add: string; readonly remove: string };
  readonly parameters: readonly ConditionParameter[];
  readonly add: (sid: string, permission: Permission, revision: Revision) => Promise<unknown>;
  readonly remove: (sid: string, revision: Revision) => Promise<unknown>;
};

/**
 * Returns the writes that remove the statements that were not accepted and add those that are missing. Only the first
 * can name the revision that was read: each write makes another.
 */
export function planStatements({ accepted, live }: Versions, calls: StatementCalls): Write[] {
  const { whose, operations, parameters, add, remove } = calls;
  const wanted = statementsOf(accepted);
  const there = statementsOf(live);
  let revision: Revision = live.revision === undefined ? {} : { RevisionId: live.revision };
  const takeRevision = () => {
    const taken = revision;
    revision = {};
    return taken;
  };
  const { removed, added } = changesTo(wanted, there);
  return [
    ...removed.map(([sid]) => ({
      operation: operations.remove,
      summary: `remove statement ${sid} from ${whose}`,
      send: () => remove(sid, takeRevision()),
    })),
    ...added.flatMap(([sid, statement]) => {
      const permission = permissionOf(statement, parameters);
      if (permission === undefined) return [];
      return {
        operation: operations.add,
        summary: `restore statement ${sid} of ${whose}`,
        send: () => add(sid, permission, takeRevision()),
      };
    }),
  ];
}

/**
 * Returns true iff the live statements are what the first so many writes from `from` to `accepted` leave:
 * any other mixture of the two is somebody else's doing.
 */
export function isHalfway(
  live: Snapshot,
  { accepted, from }: { readonly accepted: Snapshot; readonly from: Snapshot },
): boolean {
  const [there, wanted, left] = [statementsOf(live), statementsOf(accepted), statementsOf(from)];
  const isThere = () =>
    there.size === left.size && [...there].every(([sid, statement]) => isSame(statement, left.get(sid)));
  const { removed, added } = changesTo(wanted, left);
  return (
    isThere() ||
    removed.some(([sid]) => left.delete(sid) && isThere()) ||
    added.some(([sid, statement]) => left.set(sid, statement) && isThere())
  );
}

/** What is to go and what is to come, in the order of the writes. */
function changesTo(wanted: ReadonlyMap<string, Statement>, there: ReadonlyMap<string, Statement>) {
  return {
    removed: [...there].filter(([sid, statement]) => !isSame(statement, wanted.get(sid))),
    added: [...wanted].filter(([sid, statement]) => !isSame(statement, there.get(sid))),
  };
}

function isSame(a: Statement, b: Statement | undefined): boolean {
  const canonical = (statement: Statement) => canonicalDocument(JSON.stringify({ Statement: [statement] }));
  return b !== undefined && canonical(a) === canonical(b);
}

function statementsOf(snapshot: Snapshot): Map<string, Statement> {
  const document = partDocument(snapshot, 'document');
  if (document === undefined) return new Map();
  const { Statement: list = [] } = JSON.parse(document) as { Statement?: Statement[] };
  return new Map(list.map((statement) => [String(statement['Sid'] ?? ''), statement]));
}
