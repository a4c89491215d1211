/** The schema of a target reference as it is kept: shared by every kept value that names a target. */
import * as v from 'valibot';
import { TARGET_KINDS } from '../targets/kindNames.ts';
import type { TargetRef } from '../targets/target.ts';

export const targetKindSchema = v.picklist(TARGET_KINDS);

export const targetRefSchema: v.GenericSchema<unknown, TargetRef> = v.strictObject({
  kind: targetKindSchema,
  arn: v.pipe(v.string(), v.nonEmpty()),
  accountId: v.string(),
  region: v.string(),
});
