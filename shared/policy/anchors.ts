/**
 * Context keys that can anchor trust in somebody: a policy that fixes one of them is not public.
 * Source: S3 User Guide, "The meaning of public"; IAM User Guide, "AWS global condition context keys".
 */
import { toTable } from './table.ts';

/** How the values of an anchor name somebody beside being equal to a text. */
export type AnchorShape =
  | 'text'
  | 'account'
  | 'arn'
  /** `o-…/r-…/ou-…/`: the organization is what is named. */
  | 'organizationPath'
  /** `AROA…:session`: the id is what is named. */
  | 'uniqueId'
  | 'address';

/** By lower-cased key. Every other key anchors nothing: a stranger may hold any value of it. */
export const ANCHORS: { readonly [key: string]: AnchorShape } = toTable<AnchorShape>({
  'aws:sourcearn': 'arn',
  'aws:sourceaccount': 'account',
  'aws:sourceowner': 'account',
  'aws:sourcevpc': 'text',
  'aws:sourcevpce': 'text',
  'aws:sourceip': 'address',
  'aws:sourceorgid': 'text',
  'aws:sourceorgpaths': 'organizationPath',
  'aws:principalorgid': 'text',
  'aws:principalorgpaths': 'organizationPath',
  'aws:principalarn': 'arn',
  'aws:principalaccount': 'account',
  'aws:userid': 'uniqueId',
  's3:dataaccesspointaccount': 'account',
  's3:dataaccesspointarn': 'arn',
  'kms:calleraccount': 'account',
});
