/** VPC Lattice’s API, as far as it is called. Source: VPC Lattice API Reference. */
import { IN_PATH, inQuery, STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'VPC Lattice',
  namespace: 'com.amazonaws.vpclattice',
  version: '2022-11-30',
  scope: 'vpc-lattice',
});

type Thing = { readonly resourceIdentifier: string };
type Page = { readonly nextToken?: string | undefined };
type Things = Page & { readonly items?: readonly { readonly arn?: string }[] };

const THING = { resourceIdentifier: IN_PATH };
const PATH = '/authpolicy/{resourceIdentifier}';
const PAGE = { nextToken: inQuery('nextToken') };
const THINGS = {
  items: shapes.listOf('Items', shapes.structure('Item', { arn: STRING })),
  nextToken: STRING,
};

/** The policy of a service or of a network of services. */
export const GetAuthPolicyCommand = shapes.command<Thing, { readonly policy?: string }>('GetAuthPolicy', {
  http: ['GET', PATH],
  input: THING,
  output: { policy: STRING },
});
/** Writes the policy. */
export const PutAuthPolicyCommand = shapes.command<Thing & { readonly policy: string }, object>(
  'PutAuthPolicy',
  { http: ['PUT', PATH], input: { ...THING, policy: STRING }, output: {} },
);
/** Takes the policy away. */
export const DeleteAuthPolicyCommand = shapes.command<Thing, object>('DeleteAuthPolicy', {
  http: ['DELETE', PATH],
  input: THING,
  output: {},
});
/** A page of services. */
export const ListServicesCommand = shapes.command<Page, Things>('ListServices', {
  http: ['GET', '/services'],
  input: PAGE,
  output: THINGS,
});
/** A page of networks of services. */
export const ListServiceNetworksCommand = shapes.command<Page, Things>('ListServiceNetworks', {
  http: ['GET', '/servicenetworks'],
  input: PAGE,
  output: THINGS,
});

/** The client. Takes what every client of the SDK takes. */
export class VpcLatticeClient extends shapes.Client {}
