/** Logging: the few calls the guard makes, and the logger that Lambda functions use. */
import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';

/** One line a call: a sentence and facts about it. Never a policy document, never a credential. */
export type Logger = {
  info(message: string, facts?: { readonly [name: string]: unknown }): void;
  warn(message: string, facts?: { readonly [name: string]: unknown }): void;
  error(message: string, facts?: { readonly [name: string]: unknown }): void;
};

/** Logs nothing. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

/** Returns a logger that writes JSON lines; the level comes from the environment, as Powertools reads it. */
export function createLogger(serviceName: string): Logger {
  const logger = new PowertoolsLogger({ serviceName });
  return {
    info: (message, facts = {}) => logger.info(message, facts),
    warn: (message, facts = {}) => logger.warn(message, facts),
    error: (message, facts = {}) => logger.error(message, facts),
  };
}
