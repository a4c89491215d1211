/** What a target's questions are answered with, and what judging needs of it. */
import type { Engine } from '../../checks/index.ts';
import type { Grade } from '../../consequences/grade.ts';
import type { Knowledge } from '../../consequences/holder.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import type { TargetAdapter, TargetRef } from '../../targets/target.ts';
import type { Config } from '../config.ts';
import type { GuardDependencies } from '../contract.ts';
import type { Budget } from './budget.ts';
import { gradeOfPermissionSet, isClosedBucket, knowledgeOf } from './knowledge.ts';
import { knownIdsOf } from './uniqueIds.ts';

/** What questions are answered with. */
export type Answering = Pick<GuardDependencies, 'store' | 'engine' | 'config' | 'adapters' | 'clientsFor'> & {
  readonly target: TargetRef;
  /** Runs out: what is not answered by then is UNKNOWN, and asked again another time. */
  readonly budget: Budget;
};

/** What a step is judged with. */
export type JudgeDependencies = {
  readonly engine: Pick<Engine, 'remains' | 'checkAccessNotGranted' | 'listNewAccess'>;
  /** What is known about other principals, as far as the set names them. */
  readonly knowledge: (set: PolicySet) => Promise<Knowledge>;
  /** What a permission set gives; undefined: not known. */
  readonly permissionSetGrade: (arn: string) => Promise<Grade | undefined>;
  /** Of the user or role of that name, now or before it was deleted. */
  readonly uniqueIdsOf: (arn: string) => Promise<readonly string[]>;
  /** Nothing of the target's bucket is known to be public but for its public access block. */
  readonly isClosedBucket: () => Promise<boolean>;
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
  readonly adapter: Pick<
    TargetAdapter,
    'namesPrincipals' | 'grantedElsewhere' | 'resourceType' | 'parts' | 'isWrittenAsRead'
  >;
};

/** Returns what judges the target's steps. */
export function judging(answering: Answering): JudgeDependencies {
  const { engine, config, adapters, target } = answering;
  return {
    engine,
    config,
    adapter: adapters[target.kind],
    knowledge: (set) => knowledgeOf(set, target, answering),
    permissionSetGrade: (arn) => gradeOfPermissionSet(arn, target, answering),
    uniqueIdsOf: (arn) => knownIdsOf(arn, answering.store),
    isClosedBucket: () => isClosedBucket(target, answering),
  };
}
