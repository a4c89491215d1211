/** Reads of IAM that several kinds need: documents of managed policies, inline documents, names from ARNs. */
import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { PrincipalType } from '../../policy/arn.ts';
import { decodePolicyDocument } from '../../policy/parsePolicy.ts';
import { collectPages, orFault, readListed, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';

/** Returns the default version's document of a managed policy and its version id; no document when it cannot be read. */
export async function readManagedPolicy(
  iam: AwsClients['iam'],
  policyArn: string,
): Promise<
  | {
      readonly document: string | undefined;
      readonly versionId: string | undefined;
      readonly policyId: string | undefined;
      readonly createdAt: Date | undefined;
    }
  | undefined
> {
  const found = await unless(
    ['NoSuchEntityException', 'NoSuchEntity'],
    iam.send(new GetPolicyCommand({ PolicyArn: policyArn })),
  );
  if (found === undefined) return undefined;
  const versionId = found.Policy?.DefaultVersionId;
  return {
    document: await readVersion(iam, policyArn, versionId),
    versionId,
    policyId: found.Policy?.PolicyId,
    createdAt: found.Policy?.CreateDate,
  };
}

/** Returns what the version of a managed policy says; undefined: there is none. */
export async function readVersion(
  iam: AwsClients['iam'],
  policyArn: string,
  versionId: string | undefined,
): Promise<string | undefined> {
  const version = await unless(
    ['NoSuchEntityException', 'NoSuchEntity'],
    iam.send(new GetPolicyVersionCommand({ PolicyArn: policyArn, VersionId: versionId })),
  );
  const document = version?.PolicyVersion?.Document;
  return document === undefined ? undefined : decodePolicyDocument(document);
}

/** The listing and reading commands of each type of principal. */
const COMMANDS = {
  role: {
    listInline: (name: string, marker?: string) =>
      new ListRolePoliciesCommand({ RoleName: name, Marker: marker }),
    getInline: (name: string, policy: string) =>
      new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }),
    listAttached: (name: string, marker?: string) =>
      new ListAttachedRolePoliciesCommand({ RoleName: name, Marker: marker }),
  },
  user: {
    listInline: (name: string, marker?: string) =>
      new ListUserPoliciesCommand({ UserName: name, Marker: marker }),
    getInline: (name: string, policy: string) =>
      new GetUserPolicyCommand({ UserName: name, PolicyName: policy }),
    listAttached: (name: string, marker?: string) =>
      new ListAttachedUserPoliciesCommand({ UserName: name, Marker: marker }),
  },
  group: {
    listInline: (name: string, marker?: string) =>
      new ListGroupPoliciesCommand({ GroupName: name, Marker: marker }),
    getInline: (name: string, policy: string) =>
      new GetGroupPolicyCommand({ GroupName: name, PolicyName: policy }),
    listAttached: (name: string, marker?: string) =>
      new ListAttachedGroupPoliciesCommand({ GroupName: name, Marker: marker }),
  },
} as const;

const INLINE = 'inline:';
const ATTACHED = 'attached:';

type GrantedDocument = {
  readonly id: string;
  /** Of the attached policy. */
  readonly uid?: string;
  readonly document: string | undefined;
};

/** Returns the inline and attached documents of a principal: ids `inline:NAME`, `attached:ARN`. */
export async function readGrants(
  iam: AwsClients['iam'],
  type: PrincipalType,
  name: string,
): Promise<GrantedDocument[]> {
  const listInline = () =>
    collectPages(async (marker) => {
      // The three commands differ in type only; what they answer has the same shape.
      const command = COMMANDS[type].listInline(name, marker) as ListRolePoliciesCommand;
      const page = await orFault(iam.send(command));
      return { items: page.PolicyNames ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
    });
  const listAttached = () =>
    collectPages(async (marker) => {
      const command = COMMANDS[type].listAttached(name, marker) as ListAttachedRolePoliciesCommand;
      const page = await orFault(iam.send(command));
      const arns = (page.AttachedPolicies ?? []).flatMap(({ PolicyArn: arn }) => arn ?? []);
      return { items: arns, next: page.IsTruncated === true ? page.Marker : undefined };
    });
  const readInline = async (id: string): Promise<GrantedDocument | undefined> => {
    const command = COMMANDS[type].getInline(name, id.slice(INLINE.length)) as GetRolePolicyCommand;
    const found = await unless(['NoSuchEntityException', 'NoSuchEntity'], iam.send(command));
    if (found === undefined) return undefined;
    const { PolicyDocument: document } = found;
    return { id, document: document === undefined ? undefined : decodePolicyDocument(document) };
  };
  return readListed(
    async () => [
      ...(await listInline()).map((policyName) => `${INLINE}${policyName}`),
      ...(await listAttached()).map((arn) => `${ATTACHED}${arn}`),
    ],
    (id) => (id.startsWith(INLINE) ? readInline(id) : readAttached(iam, id.slice(ATTACHED.length))),
  );
}

/** Returns the policy's document as a principal holds it, with the policy's unique id. */
export async function readAttached(iam: AwsClients['iam'], arn: string): Promise<GrantedDocument> {
  const policy = await readManagedPolicy(iam, arn);
  const uid = policy?.policyId;
  return { id: `${ATTACHED}${arn}`, ...(uid === undefined ? {} : { uid }), document: policy?.document };
}
