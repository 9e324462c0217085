import { Failure } from '../failure.js';

type Json = Readonly<Record<string, unknown>>;

function narrowed(item: Json, fields: readonly string[]): Json {
  const unknown = fields.find((field) => !Object.hasOwn(item, field));
  if (unknown !== undefined) {
    throw new Failure('usage', `--fields: there is no field ${unknown} here.`, {
      next: [`There are: ${Object.keys(item).join(',')}`],
    });
  }
  return Object.fromEntries(fields.map((field) => [field, item[field]]));
}

/** Only the named fields (comma-separated) of one object, or of each object of a list. */
export function narrow(value: object, fields: string | undefined): object {
  if (fields === undefined) {
    return value;
  }
  const names = fields.split(',').map((name) => name.trim());
  return Array.isArray(value)
    ? value.map((item: Json) => narrowed(item, names))
    : narrowed(value as Json, names);
}
