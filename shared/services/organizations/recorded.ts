/** Operations of Organizations on control policies and its own resource policy in memory. Source: AWS Organizations API Reference. */
import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  AwsError,
  capitalised,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  pageOf,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import { type Documented, reading, removing, writing } from '../../recording/documentOperations.ts';

const ORGANIZATION = 'o-recorded0';
const FULL_ACCESS = 'p-FullAWSAccess';
const FULL_ACCESS_CONTENT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const PAGE = 20;

const typeOf = (type: string) => type.toLowerCase();

function arnOf({ partition, accountId }: Account, below: string): string {
  return `arn:${partition}:organizations::${accountId}:${below}`;
}

const ofType = (account: Account, word: string) =>
  resourcesOf(account, 'organizations', '').filter(({ arn }) =>
    parseArn(arn).resource.startsWith(`${word}/`),
  );

/** By its id; of which type it is a trail may not have shown. */
function policyOf(account: Account, input: Input, { lenient }: Pick<OperationContext, 'lenient'>): Resource {
  const id = required(input, 'PolicyId');
  const known = ofType(account, 'policy').find(({ arn }) => arn.endsWith(`/${id}`));
  const arn = known?.arn ?? arnOf(account, `policy/${ORGANIZATION}/service_control_policy/${id}`);
  return resourceOf(account, arn, { lenient, notFound: 'PolicyNotFoundException' });
}

function targetOf(account: Account, id: string, lenient: boolean): Resource {
  const word = id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account';
  const arn = arnOf(account, `${word}/${ORGANIZATION}/${id}`);
  return resourceOf(account, arn, { lenient, notFound: 'TargetNotFoundException' });
}

/** Every target begins with the policy that lets everything pass. */
function attachedTo(target: Resource): Set<string> {
  const known = target.facts.get('attached');
  if (known instanceof Set) return known as Set<string>;
  const attached = new Set([FULL_ACCESS]);
  target.facts.set('attached', attached);
  return attached;
}

function summaryOf(resource: Resource): Input {
  const [, , type = ''] = parseArn(resource.arn).resource.split('/');
  return {
    Id: resource.arn.slice(resource.arn.lastIndexOf('/') + 1),
    Arn: resource.arn,
    Name: resource.facts.get('name') ?? 'policy',
    Type: type.toUpperCase(),
    AwsManaged: false,
  };
}

const FULL_ACCESS_SUMMARY: Input = {
  Id: FULL_ACCESS,
  Arn: `arn:aws:organizations::aws:policy/service_control_policy/${FULL_ACCESS}`,
  Name: 'FullAWSAccess',
  Type: 'SERVICE_CONTROL_POLICY',
  AwsManaged: true,
};

const listing =
  (name: string, word: string): OperationTable[string] =>
  (account, input) => {
    const { items, next } = pageOf(ofType(account, word), input['NextToken'], PAGE);
    return {
      [name]: items.map(({ arn }) => ({ Arn: arn, Id: arn.slice(arn.lastIndexOf('/') + 1) })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  };

const RESOURCE_POLICY: Documented = {
  arnOf: (account) => arnOf(account, 'resourcepolicy'),
  notFound: 'ResourcePolicyNotFoundException',
  noPolicy: 'ResourcePolicyNotFoundException',
  isSingle: true,
};

const OPERATIONS: OperationTable = {
  DescribeOrganization: (account) => ({
    Organization: { Id: ORGANIZATION, MasterAccountId: account.accountId },
  }),
  CreatePolicy(account, input, { now }) {
    const type = typeOf(required(input, 'Type'));
    const id =
      optional(input, 'PolicyId') ??
      `p-${uniqueIdOf('', required(input, 'Name'), now).slice(0, 10).toLowerCase()}`;
    const policy = makeResource(account, arnOf(account, `policy/${ORGANIZATION}/${type}/${id}`), now);
    policy.policy = required(input, 'Content');
    policy.facts.set('name', input['Name']);
    return { Policy: { Content: policy.policy, PolicySummary: summaryOf(policy) } };
  },
  UpdatePolicy(account, input, context) {
    const policy = policyOf(account, input, context);
    policy.policy = optional(input, 'Content') ?? policy.policy;
    return { Policy: { Content: policy.policy, PolicySummary: summaryOf(policy) } };
  },
  DeletePolicy(account, input, context) {
    account.resources.delete(policyOf(account, input, context).arn);
    return {};
  },
  DescribePolicy(account, input) {
    if (input['PolicyId'] === FULL_ACCESS)
      return { Policy: { Content: FULL_ACCESS_CONTENT, PolicySummary: FULL_ACCESS_SUMMARY } };
    const policy = policyOf(account, input, { lenient: false });
    return { Policy: { Content: policy.policy, PolicySummary: summaryOf(policy) } };
  },
  ListPolicies(account, input) {
    const policies = ofType(account, 'policy').filter(({ arn }) =>
      arn.includes(`/${typeOf(required(input, 'Filter'))}/`),
    );
    const { items, next } = pageOf(policies, input['NextToken'], PAGE);
    return { Policies: items.map(summaryOf), ...(next === undefined ? {} : { NextToken: next }) };
  },
  AttachPolicy(account, input, { lenient }) {
    const attached = attachedTo(targetOf(account, required(input, 'TargetId'), true));
    const id = required(input, 'PolicyId');
    if (attached.has(id) && !lenient)
      throw new AwsError('DuplicatePolicyAttachmentException', `${id} is attached`);
    attached.add(id);
    return {};
  },
  DetachPolicy(account, input, { lenient }) {
    const attached = attachedTo(targetOf(account, required(input, 'TargetId'), true));
    const id = required(input, 'PolicyId');
    if (!lenient && !attached.has(id))
      throw new AwsError('PolicyNotAttachedException', `${id} is not attached`);
    if (!lenient && attached.size === 1)
      throw new AwsError('ConstraintViolationException', 'a target keeps at least one policy of the type');
    attached.delete(id);
    return {};
  },
  EnablePolicyType(account, input) {
    attachedTo(targetOf(account, required(input, 'RootId'), true)).add(FULL_ACCESS);
    return {};
  },
  DisablePolicyType(account, input) {
    attachedTo(targetOf(account, required(input, 'RootId'), true)).clear();
    return {};
  },
  ListPoliciesForTarget(account, input) {
    const attached = attachedTo(targetOf(account, required(input, 'TargetId'), false));
    const summaries = [FULL_ACCESS_SUMMARY, ...ofType(account, 'policy').map(summaryOf)];
    const wanted = summaries.filter(
      ({ Id: id, Type: type }) => attached.has(String(id)) && type === required(input, 'Filter'),
    );
    const { items, next } = pageOf(wanted, input['NextToken'], PAGE);
    return { Policies: items, ...(next === undefined ? {} : { NextToken: next }) };
  },
  DescribeResourcePolicy: reading(RESOURCE_POLICY, (Content) => ({ ResourcePolicy: { Content } })),
  PutResourcePolicy: writing(RESOURCE_POLICY, 'Content'),
  DeleteResourcePolicy: removing(RESOURCE_POLICY),
  ListRoots: listing('Roots', 'root'),
  ListOrganizationalUnitsForParent: (account, input, context) =>
    // Which is below which, no trail of policies shows: all are below the root.
    String(input['ParentId']).startsWith('r-')
      ? listing('OrganizationalUnits', 'ou')(account, input, context)
      : { OrganizationalUnits: [] },
  ListAccounts: listing('Accounts', 'account'),
};

type Made = { readonly policySummary?: { readonly id?: string } };

/** A policy that is made is named by the answer. */
export const ORGANIZATIONS: RecordedService = {
  client: 'organizations',
  source: 'organizations.amazonaws.com',
  operations: OPERATIONS,
  toInput(request, response) {
    const id = (response['policy'] as Made | undefined)?.policySummary?.id;
    return { ...capitalised(request), ...(id === undefined ? {} : { PolicyId: id }) };
  },
  toResponse(output) {
    const made = output['Policy'] as { readonly PolicySummary?: Input } | undefined; // As the operations give it.
    if (made?.PolicySummary === undefined) return {};
    const { Id: id, Arn: arn } = made.PolicySummary;
    return { policy: { policySummary: { id, arn } } };
  },
};
