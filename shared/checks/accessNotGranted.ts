/** Does the policy grant something that is listed? Source: Access Analyzer API Reference, CheckAccessNotGranted. */
import { encodeActionPattern, encodeResourcePattern } from '../encoder/encodePattern.ts';
import { type EncodeOptions, encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet } from '../encoder/question.ts';
import { matchesAccess } from '../evaluator/access.ts';
import { and, member, not, or, TRUE } from '../formula/build.ts';
import type { Formula } from '../formula/formula.ts';
import type { Pattern } from '../policy/ast.ts';
import { actionProblem } from '../policy/identifiers.ts';
import { parseActionPattern } from '../policy/parsePattern.ts';
import { parseListedResource } from '../policy/parseResource.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type Check, confirmLinked, linkedWhere, policiesOf, statementsWith, which } from './check.ts';
import { isGranted } from './noNewAccess.ts';
import { once } from './once.ts';
import type { Scope } from './scope.ts';

/** Actions and resources that must not be granted: any listed action on any listed resource; both may hold wildcards. */
export type Access = { readonly actions?: readonly string[]; readonly resources?: readonly string[] };

type Wording = { readonly fail: string; readonly pass: string; readonly reason: string };

const WORDING: { readonly [listed in 'actions' | 'resources' | 'both']: Wording } = {
  actions: {
    fail: 'The policy document grants access to perform one or more of the listed actions.',
    pass: 'The policy document does not grant access to perform one or more of the listed actions.',
    reason: 'One or more of the listed actions in the statement',
  },
  resources: {
    fail: 'The policy document grants access to one or more of the listed resources.',
    pass: 'The policy document does not grant access to the listed resources.',
    reason: 'One or more of the listed resources in the statement',
  },
  both: {
    fail: 'The policy document grants access to one or more listed resources to perform one or more listed actions.',
    pass: 'The policy document does not grant access to the listed resources to perform the listed actions.',
    reason: 'One or more of the listed actions and/or resources in the statement',
  },
};

/** Returns the check that fails iff the set grants a request that one of `access` lists. */
export function accessNotGranted(set: PolicySet, access: readonly Access[], options: EncodeOptions): Check {
  const listed = listedScope(access);
  const policies = policiesOf(set);
  const words = wording(access);
  const rest = once(() => {
    const { allowed, withinBoundary, denied } = encodeSet(set, options);
    return and([listed.formula, allowed, withinBoundary, not(denied)]);
  });
  return {
    candidates: statementsWith('Allow', set).map(({ statement, document }) => ({
      statement,
      document,
      question: () =>
        askFor(and([encodeStatement(statement, options), rest()]), linkedWhere(options, policies)),
    })),
    confirm: confirmLinked(
      (request) => isGranted(set, request) && listed.includes(request),
      policies,
      options,
    ),
    passMessage: words.pass,
    failMessage: words.fail,
    describe: (statement) => `${words.reason} ${which(statement)}`,
    ...listedActions(access),
    policies,
    linkPrincipal: options.linkPrincipal,
  };
}

/**
 * Returns why no request can be in one of the groups, one sentence; undefined iff each may have one. Of such a list
 * nothing is ever granted, which says nothing of the policy.
 */
export function whyNothingListed(access: readonly Access[]): string | undefined {
  if (access.length === 0) return 'no access is listed';
  for (const [index, { actions, resources }] of access.entries()) {
    const problem =
      (actions?.every((text) => actionProblem(text) !== undefined) && 'actions, as `service:Name` or `*`') ||
      (resources?.every((text) => parseListedResource(text).length === 0) &&
        'resources, as ARNs of six parts or `*`');
    if (problem) return `\`access[${index}]\` lists nothing that a request can name; list ${problem}`;
  }
  return undefined;
}

/** Returns the scope of the requests that one of `access` lists. */
export function listedScope(access: readonly Access[]): Scope {
  return {
    formula: or(access.map(encodeAccess)),
    includes: (request) => access.some((one) => matchesAccess(one, request)),
  };
}

/** Returns the only actions that are listed; nothing where some access is of any action. */
export function listedActions(access: readonly Access[]): { readonly listedActions?: readonly Pattern[] } {
  const listed = access.flatMap(({ actions }) => (actions === undefined ? [] : [actions]));
  return listed.length < access.length
    ? {}
    : { listedActions: listed.flat().map((action) => parseActionPattern(action)) };
}

function encodeAccess({ actions, resources }: Access): Formula {
  const action =
    actions === undefined
      ? TRUE
      : member(
          'action',
          actions.flatMap((text) => encodeActionPattern(parseActionPattern(text))),
        );
  const resource =
    resources === undefined
      ? TRUE
      : member(
          'resource',
          resources.flatMap((text) =>
            parseListedResource(text).flatMap((pattern) => encodeResourcePattern(pattern)),
          ),
        );
  return and([action, resource]);
}

function wording(access: readonly Access[]): Wording {
  const actions = access.some((one) => one.actions !== undefined);
  const resources = access.some((one) => one.resources !== undefined);
  return WORDING[actions && resources ? 'both' : resources ? 'resources' : 'actions'];
}
