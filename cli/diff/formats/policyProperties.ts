/** Properties that hold policies, from the published schemas, and what is done with each. */

type Bearing = 'document' | 'named';

/** Returns how the property of a type counts; undefined where it holds no policy. */
export function bearingProperty(
  _provider: 'cloudformation' | 'terraform',
  _type: string,
  _property: string,
): Bearing | undefined {
  return undefined;
}
