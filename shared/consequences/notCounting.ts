/**
 * What does not count of a call, as statements of Denies that stand beside the principal's documents while it is asked
 * about: requests that AWS never sees, and those that gain their caller nothing.
 */
import { entityOf } from './entities.ts';
import type { Holder } from './holder.ts';
import type { EscalationPath } from './paths/path.ts';

/** AWS's own policies that let their holder write policies. Source: their documents, AWS Managed Policy Reference. */
const STRONG_POLICIES = ['arn:*:iam::aws:policy/AdministratorAccess*', 'arn:*:iam::aws:policy/IAMFullAccess'];

// biome-ignore lint/suspicious/noTemplateCurlyInString: policy variables
const OWN_USER = ['arn:*:iam::*:user/${aws:username}', 'arn:*:iam::*:user/*/${aws:username}'];
/** Named after who started them. Source: Systems Manager User Guide, "Sample IAM policies for Session Manager". */
// biome-ignore lint/suspicious/noTemplateCurlyInString: policy variables
const OWN_SESSIONS = ['arn:*:ssm:*:*:session/${aws:username}-*', 'arn:*:ssm:*:*:session/${aws:userid}-*'];

/** Returns what does not count where attaching must make an administrator: any policy of which that is not known. */
export function attachingLess(action: string): object[] {
  if (!/^iam:Attach(User|Role|Group)Policy$/.test(action)) return [];
  return [{ Action: action, Resource: '*', Condition: { ArnNotLike: { 'iam:PolicyARN': STRONG_POLICIES } } }];
}

/** Returns what does not count of the path's call. */
export function notCounting(
  path: EscalationPath,
  action: string,
  { boundaryArn, account = 'arn:*:iam::*' }: Pick<Holder, 'boundaryArn' | 'account'>,
): object[] {
  const unreached = [
    ...(action.startsWith('iam:') ? [{ Action: action, NotResource: `${account}:*` }] : []),
    ...(/^(iam|sts):/.test(action) ? [{ Action: action, Resource: KEPT_BY_AWS }] : []),
  ];
  return [...unreached, ...gainingNothing(path, action, boundaryArn)];
}

/** Nobody rewrites these policies, and nobody changes, assumes or passes these roles but the services that they are for. */
const KEPT_BY_AWS = [
  'arn:*:iam::aws:policy/*',
  'arn:*:iam::*:role/aws-service-role/*',
  'arn:*:iam::*:role/aws-reserved/*',
];

function gainingNothing(path: EscalationPath, action: string, boundaryArn: string | undefined): object[] {
  const everywhere = { Action: action, Resource: '*' };
  if (action === 'iam:PassRole') return notPassed(path);
  if (/^iam:Put(User|Role)PermissionsBoundary$/.test(action))
    return boundaryArn === undefined
      ? []
      : [{ ...everywhere, Condition: { ArnEquals: { 'iam:PermissionsBoundary': boundaryArn } } }];
  const found: object[] = [];
  // Whoever has a boundary stays within it. Source: IAM User Guide, "Delegating responsibility to others".
  if (/^iam:(Attach|Put)(User|Role)Policy$/.test(action))
    found.push({
      ...everywhere,
      Condition: {
        Null: { 'iam:PermissionsBoundary': 'false' },
        ArnNotLike: { 'iam:PermissionsBoundary': STRONG_POLICIES },
      },
    });
  if (/^iam:Attach(User|Role|Group)Policy$/.test(action)) {
    // Every such request names the policy; one that AWS keeps and that makes nobody an administrator gains little.
    const harmless = { ArnLike: { 'iam:PolicyARN': 'arn:*:iam::aws:policy/*' } };
    const strong = { ArnNotLike: { 'iam:PolicyARN': STRONG_POLICIES } };
    found.push({ ...everywhere, Condition: { ...harmless, ...strong } });
    found.push({ ...everywhere, Condition: { Null: { 'iam:PolicyARN': 'true' } } });
  }
  // One's own keys and password take over nobody.
  if (path.kind === 'principal-access' && entityOf(action) === 'user')
    found.push({ Action: action, Resource: OWN_USER });
  if (action === 'ssm:ResumeSession') found.push({ Action: action, Resource: OWN_SESSIONS });
  return found;
}

/** IAM puts the service into every request to pass a role, and some services what the role is for. */
function notPassed({ passedTo, steps }: EscalationPath): object[] {
  if (passedTo === undefined) return [];
  const everywhere = { Action: 'iam:PassRole', Resource: '*' };
  // Source: IAM User Guide, "iam:PassedToService", "iam:AssociatedResourceArn"; some services have names for each Region.
  const [head = '', ...domain] = passedTo.split('.');
  const services = [passedTo, `${passedTo}.cn`, [head, '*', ...domain].join('.')];
  const namespaces = new Set([...steps.map(({ action }) => action.split(':')[0] ?? ''), head]);
  const resources = [...namespaces].map((namespace) => `arn:*:${namespace}:*`);
  return [
    { ...everywhere, Condition: { StringNotLike: { 'iam:PassedToService': services } } },
    {
      ...everywhere,
      Condition: {
        Null: { 'iam:AssociatedResourceArn': 'false' },
        ArnNotLike: { 'iam:AssociatedResourceArn': resources },
      },
    },
  ];
}
