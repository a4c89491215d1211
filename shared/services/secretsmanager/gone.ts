/**
 * What says that a secret is not there. In its recovery window it is there for RestoreSecret alone: every other call is
 * refused. Source: Secrets Manager API Reference, "GetResourcePolicy", errors.
 */
import type { AnswerOfAws } from '../../targets/aws.ts';

export const GONE: readonly AnswerOfAws[] = [
  'ResourceNotFoundException',
  { name: 'InvalidRequestException', says: /marked (for deletion|deleted)|scheduled for deletion/ },
];
