/** What is made when it is first needed, and not again. */

/** Returns a function that makes the value at its first call: encoding may throw, and belongs inside a question. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
