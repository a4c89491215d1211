/** What questions are answered with. */
import type { TargetRef } from '../../targets/target.ts';
import type { GuardDependencies } from '../contract.ts';
import type { Budget } from './budget.ts';

export type Answering = Pick<GuardDependencies, 'store' | 'engine' | 'config' | 'adapters' | 'clientsFor'> & {
  readonly target: TargetRef;
  /** Runs out: what is not answered by then is UNKNOWN, and asked again another time. */
  readonly budget: Budget;
};
