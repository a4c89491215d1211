/** What being on the sharing list of a document allows. Source: Systems Manager User Guide, "Sharing SSM documents". */
export const DOCUMENT_ACTIONS = [
  'ssm:GetDocument',
  'ssm:DescribeDocument',
  'ssm:StartAutomationExecution',
] as const;
