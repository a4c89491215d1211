/** URLs of functions as policy documents. Source: Lambda Developer Guide, "Control access to Lambda function URLs". */

/** Returns what a URL with that auth type lets in, as JSON text. */
export function urlDocument(authType: string | undefined, functionArn: string): string {
  const open = {
    Sid: 'AuthTypeNone',
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunctionUrl',
    Resource: functionArn,
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: authType === 'AWS_IAM' ? [] : [open] });
}
