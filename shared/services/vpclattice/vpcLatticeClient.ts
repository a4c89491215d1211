/** VPC Lattice’s API, as far as it is called. Source: VPC Lattice API Reference. */
import { IN_PATH, inQuery, STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'VPC Lattice',
  namespace: 'com.amazonaws.vpclattice',
  version: '2022-11-30',
  scope: 'vpc-lattice',
});

type OneResource = { readonly resourceIdentifier: string };
type Page = { readonly nextToken?: string | undefined };
type Resources = Page & { readonly items?: readonly { readonly arn?: string }[] };

const RESOURCE = { resourceIdentifier: IN_PATH };
const PATH = '/authpolicy/{resourceIdentifier}';
const PAGE = { nextToken: inQuery('nextToken') };
const RESOURCES = {
  items: shapes.listOf('Items', shapes.structure('Item', { arn: STRING })),
  nextToken: STRING,
};

/** The policy of a service or of a network of services. */
export const GetAuthPolicyCommand = shapes.command<OneResource, { readonly policy?: string }>(
  'GetAuthPolicy',
  {
    http: ['GET', PATH],
    input: RESOURCE,
    output: { policy: STRING },
  },
);
/** Writes the policy. */
export const PutAuthPolicyCommand = shapes.command<OneResource & { readonly policy: string }, object>(
  'PutAuthPolicy',
  { http: ['PUT', PATH], input: { ...RESOURCE, policy: STRING }, output: {} },
);
/** Takes the policy away. */
export const DeleteAuthPolicyCommand = shapes.command<OneResource, object>('DeleteAuthPolicy', {
  http: ['DELETE', PATH],
  input: RESOURCE,
  output: {},
});
/** A page of services. */
export const ListServicesCommand = shapes.command<Page, Resources>('ListServices', {
  http: ['GET', '/services'],
  input: PAGE,
  output: RESOURCES,
});
/** A page of networks of services. */
export const ListServiceNetworksCommand = shapes.command<Page, Resources>('ListServiceNetworks', {
  http: ['GET', '/servicenetworks'],
  input: PAGE,
  output: RESOURCES,
});

/** The client. Takes what every client of the SDK takes. */
export class VpcLatticeClient extends shapes.Client {}
