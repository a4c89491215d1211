/** Templates within a value of any format that brings one. */
import { isFields } from '../fields.ts';
import { isTemplate, type Template } from './cloudformation/template.ts';
import { isServerless, templatesOf } from './serverless.ts';

/** Returns the templates that the value is, or brings. */
export function templatesIn(value: unknown): Template[] {
  if (isServerless(value)) return templatesOf(value).filter(isTemplate);
  if (isTemplate(value)) return [value];
  // Resources without the template around them: parts that something else includes.
  const isPart =
    isFields(value) &&
    Object.values(value).some((each) => isFields(each) && /^AWS::\w+::\w+$/.test(String(each['Type'])));
  return isPart ? [{ Resources: value }] : [];
}
