import type { oas31 } from 'zod-openapi';

/** The longest text in a body that says no other bound, that of a cursor. */
const longestText = 4_096;

/** The most items of a list in a JSON body: the longest is that of a payout's results. */
const mostListItems = 1_000;

type Schema = Record<string, unknown>;

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const isOfType = ({ type }: Schema, name: string) => [type].flat().includes(name);

/** The bounds of a schema, where it is silent; a text of a few words has no need of it. */
function boundsOf(schema: Schema): Schema {
  return {
    ...(isOfType(schema, 'string') &&
      !('enum' in schema) &&
      !('const' in schema) && { maxLength: longestText }),
    ...(isOfType(schema, 'array') && { maxItems: mostListItems }),
    ...(isOfType(schema, 'integer') && { format: 'int64' }),
  };
}

function bounded(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(bounded);
  }
  if (!isObject(value)) {
    return value;
  }
  const inner = Object.entries(value).map(([name, part]) => [name, isWord(name) ? part : bounded(part)]);
  const whole: Schema = Object.fromEntries(inner);
  return { ...boundsOf(whole), ...whole };
}

/** Members that hold values, in which `type` is no keyword. */
const isWord = (name: string) => ['example', 'examples', 'default', 'enum', 'const'].includes(name);

/** The document with the bounds that hold for every body, for clients that reserve memory or check what they are sent. */
export function withBounds(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  return bounded(document) as oas31.OpenAPIObject;
}
