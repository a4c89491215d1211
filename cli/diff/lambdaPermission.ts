/**
 * `AWS::Lambda::Permission`: the statement that Lambda makes of it in the function's policy. Source: CloudFormation's
 * resource reference; Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda".
 */
import { resolveDocument, type Template } from './intrinsics.ts';

type Fields = { readonly [name: string]: unknown };

/** Property → operator and key of the statement's condition. */
const CONDITIONS: { readonly [property: string]: readonly [operator: string, key: string] } = {
  SourceArn: ['ArnLike', 'AWS:SourceArn'],
  SourceAccount: ['StringEquals', 'AWS:SourceAccount'],
  PrincipalOrgID: ['StringEquals', 'aws:PrincipalOrgID'],
  EventSourceToken: ['StringEquals', 'lambda:EventSourceToken'],
  FunctionUrlAuthType: ['StringEquals', 'lambda:FunctionUrlAuthType'],
  InvokedViaFunctionUrl: ['Bool', 'lambda:InvokedViaFunctionUrl'],
};

/** Returns the policy of that one statement; the template's functions in it are still to be resolved. */
export function permissionDocument(properties: Fields, template: Template): Fields {
  const condition: { [operator: string]: Fields } = {};
  for (const [property, [operator, key]] of Object.entries(CONDITIONS)) {
    const value = properties[property];
    if (value !== undefined) condition[operator] = { ...condition[operator], [key]: value };
  }
  const statement = {
    Effect: 'Allow',
    Principal: principalOf(properties['Principal'], template),
    Action: properties['Action'],
    Resource: functionArn(properties['FunctionName'], template),
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

/** What is no ARN, no account and not everybody is a service. */
function principalOf(principal: unknown, template: Template): unknown {
  const text = resolvedIn('Principal', principal, template);
  if (text === '*') return '*';
  const isService = typeof text === 'string' && !text.startsWith('arn:') && text.includes('.');
  return { [isService ? 'Service' : 'AWS']: principal };
}

/** A function is named by its ARN, by `ACCOUNT:function:NAME`, or by its name, each with or without a qualifier. */
function functionArn(name: unknown, template: Template): unknown {
  const text = resolvedIn('Resource', name, template);
  const isWhole = typeof text !== 'string' || text.startsWith('arn:');
  if (isWhole) return name;
  const [, account = { Ref: 'AWS::AccountId' }, short = name] = /^(\d{12}):function:(.*)$/.exec(text) ?? [];
  const region = { Ref: 'AWS::Region' };
  return { 'Fn::Join': [':', ['arn:aws:lambda', region, account, 'function', short]] };
}

/** Returns what the template tells of a value that stands in that member of a statement. */
function resolvedIn(member: string, value: unknown, template: Template): unknown {
  const quiet = { variables: new Set<string>(), names: new Set<string>(), unreadable: new Set<string>() };
  const resolved = resolveDocument({ [member]: value }, template, quiet) as Fields; // Its one member is resolved, not taken.
  return resolved[member];
}
