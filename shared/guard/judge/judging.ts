/** What judging needs, of a target whose needs are answered. */
import type { Answering } from './answering.ts';
import type { JudgeDependencies } from './judgeStep.ts';
import { gradeOfPermissionSet, isClosedBucket, knowledgeOf } from './knowledge.ts';

/** Returns what judges the target's steps. */
export function judging(answering: Answering): JudgeDependencies {
  const { engine, config, adapters, target } = answering;
  return {
    engine,
    config,
    adapter: adapters[target.kind],
    knowledge: (set) => knowledgeOf(set, target, answering),
    permissionSetGrade: (arn) => gradeOfPermissionSet(arn, target, answering),
    isClosedBucket: () => isClosedBucket(target, answering),
  };
}
