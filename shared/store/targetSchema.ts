/** The schema of a target reference as it is kept: shared by every kept value that names a target. */
import * as v from 'valibot';
import type { TargetKind, TargetRef } from '../targets/target.ts';

const KINDS: { readonly [kind in TargetKind]: true } = {
  'managed-policy': true,
  'iam-principal': true,
  'role-trust': true,
  'bucket-policy': true,
  'lambda-function-policy': true,
};

/** Every kind, in a fixed order. */
export const TARGET_KINDS = Object.keys(KINDS) as TargetKind[]; // The type of `KINDS` makes its keys exactly the kinds.

export const targetKindSchema = v.picklist(TARGET_KINDS);

export const targetRefSchema: v.GenericSchema<unknown, TargetRef> = v.strictObject({
  kind: targetKindSchema,
  arn: v.pipe(v.string(), v.nonEmpty()),
  accountId: v.string(),
  region: v.string(),
});
