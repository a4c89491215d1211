/** The adapters by kind. Adding a service is adding a file, its line here and its rows in the event table. */
import { bucketPolicy } from './bucketPolicy.ts';
import { iamPrincipal } from './iamPrincipal.ts';
import { lambdaFunctionPolicy } from './lambdaFunctionPolicy.ts';
import { managedPolicy } from './managedPolicy.ts';
import { roleTrust } from './roleTrust.ts';
import type { TargetAdapter, TargetKind } from './target.ts';

export const ADAPTERS: { readonly [kind in TargetKind]: TargetAdapter } = {
  'managed-policy': managedPolicy,
  'iam-principal': iamPrincipal,
  'role-trust': roleTrust,
  'bucket-policy': bucketPolicy,
  'lambda-function-policy': lambdaFunctionPolicy,
};
