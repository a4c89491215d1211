/** What a target's questions are answered with, and what judging needs of it. */
import type { TargetRef } from '../../targets/target.ts';
import type { GuardDependencies } from '../contract.ts';
import type { Budget } from './budget.ts';
import type { JudgeDependencies } from './judgeStep.ts';
import { gradeOfPermissionSet, isClosedBucket, knowledgeOf } from './knowledge.ts';
import { knownIdsOf } from './uniqueIds.ts';

/** What questions are answered with. */
export type Answering = Pick<GuardDependencies, 'store' | 'engine' | 'config' | 'adapters' | 'clientsFor'> & {
  readonly target: TargetRef;
  /** Runs out: what is not answered by then is UNKNOWN, and asked again another time. */
  readonly budget: Budget;
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
