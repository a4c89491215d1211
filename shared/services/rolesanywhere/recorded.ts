/** Operations of IAM Roles Anywhere in memory. Source: IAM Roles Anywhere API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type Operation,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';

const NOT_FOUND = 'ResourceNotFoundException';

/** How the API names one sort of resource. */
type Sort = {
  readonly id: string;
  readonly arn: string;
  readonly type: string;
  readonly answer: string;
};

const PROFILE: Sort = { id: 'profileId', arn: 'profileArn', type: 'profile', answer: 'profile' };
const ANCHOR: Sort = {
  id: 'trustAnchorId',
  arn: 'trustAnchorArn',
  type: 'trust-anchor',
  answer: 'trustAnchor',
};

const REVOCATIONS: Sort = { id: 'crlId', arn: 'crlArn', type: 'crl', answer: 'crl' };

function arnOf(account: Account, sort: Sort, id: string, region: string): string {
  return `arn:${account.partition}:rolesanywhere:${region}:${account.accountId}:${sort.type}/${id}`;
}

function resourceNamed(
  account: Account,
  input: Input,
  sort: Sort,
  { lenient, region }: OperationContext,
): Resource {
  const arn = arnOf(account, sort, required(input, sort.id), region);
  return resourceOf(account, arn, { lenient, notFound: NOT_FOUND });
}

const shown = ({ arn, created, facts }: Resource, sort: Sort): Input => ({
  ...Object.fromEntries(facts),
  [sort.id]: arn.slice(arn.lastIndexOf('/') + 1),
  [sort.arn]: arn,
  createdAt: created,
});

/** What of a request the resource keeps. */
function keep({ facts }: Resource, input: Input, names: readonly string[]): void {
  for (const name of names) if (input[name] !== undefined) facts.set(name, input[name]);
}

const KEPT = [
  'name',
  'enabled',
  'roleArns',
  'managedPolicyArns',
  'sessionPolicy',
  'source',
  'trustAnchorArn',
];

const creating =
  (sort: Sort): Operation =>
  (account, input, { now, region }) => {
    const id = uniqueIdOf('', required(input, 'name'), now).toLowerCase();
    const resource = makeResource(
      account,
      optional(input, sort.arn) ?? arnOf(account, sort, id, region),
      now,
    );
    keep(resource, input, KEPT);
    return { [sort.answer]: shown(resource, sort) };
  };
const changing =
  (sort: Sort, fixed: Input = {}): Operation =>
  (account, input, context) => {
    const resource = resourceNamed(account, input, sort, context);
    keep(resource, { ...input, ...fixed }, KEPT);
    return { [sort.answer]: shown(resource, sort) };
  };
const deleting =
  (sort: Sort): Operation =>
  (account, input, context) => {
    const resource = resourceNamed(account, input, sort, context);
    account.resources.delete(resource.arn);
    return { [sort.answer]: shown(resource, sort) };
  };
const getting =
  (sort: Sort): Operation =>
  (account, input, context) => ({
    [sort.answer]: shown(resourceNamed(account, input, sort, { ...context, lenient: false }), sort),
  });
const listing =
  (sort: Sort): Operation =>
  (account, _, { region }) => ({
    [`${sort.answer}s`]: resourcesOf(account, 'rolesanywhere', region)
      .filter(({ arn }) => arn.includes(`:${sort.type}/`))
      .map((resource) => shown(resource, sort)),
  });

const OPERATIONS: OperationTable = {
  CreateProfile: creating(PROFILE),
  UpdateProfile: changing(PROFILE),
  EnableProfile: changing(PROFILE, { enabled: true }),
  DisableProfile: changing(PROFILE, { enabled: false }),
  DeleteProfile: deleting(PROFILE),
  GetProfile: getting(PROFILE),
  ListProfiles: listing(PROFILE),
  CreateTrustAnchor: creating(ANCHOR),
  UpdateTrustAnchor: changing(ANCHOR),
  EnableTrustAnchor: changing(ANCHOR, { enabled: true }),
  DisableTrustAnchor: changing(ANCHOR, { enabled: false }),
  DeleteTrustAnchor: deleting(ANCHOR),
  GetTrustAnchor: getting(ANCHOR),
  ListTrustAnchors: listing(ANCHOR),
  ImportCrl: creating(REVOCATIONS),
  EnableCrl: changing(REVOCATIONS, { enabled: true }),
  DisableCrl: changing(REVOCATIONS, { enabled: false }),
  DeleteCrl: deleting(REVOCATIONS),
  ListCrls: listing(REVOCATIONS),
};

/** Parameters keep their names; the ARN of what is made stands in the answer, and whose list of revocations it is. */
export const ROLES_ANYWHERE: RecordedService = {
  client: 'rolesAnywhere',
  source: 'rolesanywhere.amazonaws.com',
  operations: OPERATIONS,
  toInput(request, response) {
    const arns = [PROFILE, ANCHOR, REVOCATIONS].flatMap(({ answer, arn }) =>
      [arn, 'trustAnchorArn'].flatMap((name) => {
        const told = (response[answer] as Input | undefined)?.[name];
        return told === undefined ? [] : [[name, told] as const];
      }),
    );
    return { ...request, ...Object.fromEntries(arns) };
  },
  toRequest: (input) => input,
  toResponse: (output) => output,
};
