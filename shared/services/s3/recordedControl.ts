/** Operations of S3's control API on an account in memory. Source: S3 API Reference, "Amazon S3 Control". */
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
  uncapitalised,
} from '../../recording/account.ts';

function blockOf(account: Account): Resource {
  const arn = `arn:${account.partition}:s3::${account.accountId}:public-access-block`;
  return resourceOf(account, arn, { lenient: true, notFound: '' });
}

/** The operations of one sort of access point: they differ in a suffix and in the ARN's service. */
function accessPoints(service: string, suffix: string, listName: string, arnName: string): OperationTable {
  const arnOf = (account: Account, input: Input, region: string) =>
    `arn:${account.partition}:${service}:${region}:${account.accountId}:accesspoint/${required(input, 'Name')}`;
  const pointOf = (account: Account, input: Input, { lenient, region }: OperationContext) =>
    resourceOf(account, arnOf(account, input, region), { lenient, notFound: 'NoSuchAccessPoint' });
  return {
    [`CreateAccessPoint${suffix}`](account, input, { region, now }) {
      const arn = arnOf(account, input, region);
      const policy = account.resources.get(arn)?.policy;
      const point = makeResource(account, arn, now);
      point.policy = policy;
      point.facts.set('network', input['VpcConfiguration']);
      return { AccessPointArn: arn };
    },
    [`GetAccessPoint${suffix}`](account, input, context) {
      const { created, facts } = pointOf(account, input, { ...context, lenient: false });
      const network = facts.get('network');
      return { CreationDate: created, ...(network === undefined ? {} : { VpcConfiguration: network }) };
    },
    [`DeleteAccessPoint${suffix}`](account, input, { region }) {
      account.resources.delete(arnOf(account, input, region));
      return {};
    },
    [`GetAccessPointPolicy${suffix}`](account, input, context) {
      const { policy } = pointOf(account, input, { ...context, lenient: false });
      if (policy === undefined)
        throw new AwsError('NoSuchAccessPointPolicy', 'The specified accesspoint does not have a policy');
      return { Policy: policy };
    },
    [`PutAccessPointPolicy${suffix}`](account, input, context) {
      pointOf(account, input, context).policy = required(input, 'Policy');
      return {};
    },
    [`DeleteAccessPointPolicy${suffix}`](account, input, context) {
      pointOf(account, input, context).policy = undefined;
      return {};
    },
    [`ListAccessPoints${suffix}`](account, input, { region }) {
      const { items, next } = pageOf(resourcesOf(account, service, region), input['NextToken'], 100);
      return {
        [listName]: items.map(({ arn }) => ({ [arnName]: arn })),
        ...(next === undefined ? {} : { NextToken: next }),
      };
    },
  };
}

type Details = { readonly Name?: string; readonly Policy?: string; readonly Regions?: unknown };

const detailsOf = (input: Input) => (input['Details'] ?? {}) as Details; // As the API takes it.

function multiRegionPoint(account: Account, name: string, lenient: boolean): Resource {
  const arn = `arn:${account.partition}:s3::${account.accountId}:accesspoint/${name}`;
  return resourceOf(account, arn, { lenient, notFound: 'NoSuchMultiRegionAccessPoint' });
}

/** What is proposed is established at once. */
const MULTI_REGION_POINTS: OperationTable = {
  CreateMultiRegionAccessPoint(account, input, { now }) {
    const { Name: name = '' } = detailsOf(input);
    makeResource(account, `arn:${account.partition}:s3::${account.accountId}:accesspoint/${name}`, now);
    return {};
  },
  DeleteMultiRegionAccessPoint(account, input) {
    const { Name: name = '' } = detailsOf(input);
    account.resources.delete(`arn:${account.partition}:s3::${account.accountId}:accesspoint/${name}`);
    return {};
  },
  PutMultiRegionAccessPointPolicy(account, input, { lenient }) {
    const { Name: name = '', Policy: policy } = detailsOf(input);
    multiRegionPoint(account, name, lenient).policy = policy;
    return {};
  },
  GetMultiRegionAccessPointPolicy(account, input) {
    const { policy } = multiRegionPoint(account, required(input, 'Name'), false);
    return { Policy: policy === undefined ? {} : { Established: { Policy: policy } } };
  },
  ListMultiRegionAccessPoints: (account) => ({
    AccessPoints: resourcesOf(account, 's3', '')
      .filter(({ arn }) => arn.includes(':accesspoint/'))
      .map(({ arn }) => ({ Name: arn.slice(arn.lastIndexOf('/') + 1) })),
  }),
};

/** The name of the XML element that such a call's body stands below. */
function elementOf({ Policy: policy, Regions: regions }: Details): string {
  if (policy !== undefined) return 'PutMultiRegionAccessPointPolicyRequest';
  return regions === undefined
    ? 'DeleteMultiRegionAccessPointRequest'
    : 'CreateMultiRegionAccessPointRequest';
}

const OPERATIONS: OperationTable = {
  ...MULTI_REGION_POINTS,
  GetPublicAccessBlock(account) {
    const block = blockOf(account).facts.get('block');
    if (block === undefined)
      throw new AwsError('NoSuchPublicAccessBlockConfiguration', 'There is no public access block');
    return { PublicAccessBlockConfiguration: block };
  },
  PutPublicAccessBlock(account, input) {
    blockOf(account).facts.set('block', input['PublicAccessBlockConfiguration']);
    return {};
  },
  DeletePublicAccessBlock(account) {
    blockOf(account).facts.delete('block');
    return {};
  },
  ...accessPoints('s3', '', 'AccessPointList', 'AccessPointArn'),
  ...accessPoints(
    's3-object-lambda',
    'ForObjectLambda',
    'ObjectLambdaAccessPointList',
    'ObjectLambdaAccessPointArn',
  ),
};

const isPolicyPut = (input: Input) => optional(input, 'Policy') !== undefined;

/** The account's block has "Account" in its events' names; bodies stand below the name of their XML element. */
export const S3_CONTROL: RecordedService = {
  client: 's3Control',
  source: 's3.amazonaws.com',
  operations: OPERATIONS,
  toOperation: (eventName) =>
    eventName.replace(/^(Put|Delete)AccountPublicAccessBlock$/, '$1PublicAccessBlock'),
  toEventName: (operation) =>
    operation.replace(/^(Put|Delete)PublicAccessBlock$/, '$1AccountPublicAccessBlock'),
  toInput(request) {
    const body = Object.entries(request).find(([name]) => name.endsWith('Request'))?.[1];
    return { ...capitalised(request), ...(typeof body === 'object' ? body : {}) };
  },
  toRequest(input) {
    const { PublicAccessBlockConfiguration, ...rest } = input;
    if (input['Details'] !== undefined) {
      const { ClientToken, Details } = input;
      return { [elementOf(detailsOf(input))]: { ClientToken, Details } };
    }
    if (PublicAccessBlockConfiguration !== undefined)
      return { ...uncapitalised(rest), PublicAccessBlockConfiguration };
    const { Policy, ...named } = rest;
    return isPolicyPut(input) ? { ...uncapitalised(named), policy: Policy } : uncapitalised(rest);
  },
};
