/** Returns what an instance profile lets its instances take on: the role in it, as JSON text. */
export function instanceRoleDocument(roleArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn }],
  });
}
