/** The few calls the guard makes to tell its keepers what it does; who writes them down is passed in. */

/** One line a call: a sentence and facts about it. Never a policy document, never a credential. */
export type Logger = {
  info(message: string, facts?: { readonly [name: string]: unknown }): void;
  warn(message: string, facts?: { readonly [name: string]: unknown }): void;
  error(message: string, facts?: { readonly [name: string]: unknown }): void;
};
