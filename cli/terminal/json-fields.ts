import { Failure } from '../failure/failure.js';

type Json = Readonly<Record<string, unknown>>;

/** The names of a field and of those within it: "sent.amount" is ["sent", "amount"]. */
type Path = readonly string[];

/** The paths that --fields names. */
export const pathsOf = (fields: string): readonly Path[] =>
  fields.split(',').map((name) => name.trim().split('.'));

/** Refuses a field that is not among those within `above`; undefined where that is a value without any. @throws Failure (usage) */
export function refuseField(above: Path, name: string, item: Json | undefined): never {
  if (item === undefined) {
    throw new Failure('usage', `--fields: ${above.join('.')} has no fields.`, { isOfResult: true });
  }
  throw new Failure('usage', `--fields: there is no field ${[...above, name].join('.')} here.`, {
    next: [`There are: ${Object.keys(item).join(',')}`],
    isOfResult: true,
  });
}

/** What stands for a field that is not there: null, or what refuses it. */
type Missing = (above: Path, name: string, item: Json | undefined) => null;

function within(value: unknown, paths: readonly Path[], above: Path, missing: Missing): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => within(item, paths, above, missing));
  }
  if (value === null) {
    return null;
  }
  return typeof value === 'object'
    ? narrowed(value as Json, paths, above, missing)
    : missing(above, '', undefined);
}

function narrowed(item: Json, paths: readonly Path[], above: Path, missing: Missing): Json {
  const names = [...new Set(paths.map(([name = '']) => name))];
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(item, name)) {
        return [name, missing(above, name, item)];
      }
      const here = [...above, name];
      const inner = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
      const isWhole = inner.some((rest) => rest.length === 0);
      return [name, isWhole ? item[name] : within(item[name], inner, here, missing)];
    }),
  );
}

/**
 * Only the named fields (comma-separated) of one object, or of each object of a list. A point leads to a field of a
 * field, which stays in its place: `sent.amount` gives {"sent":{"amount":…}}. Where `areChecked` says that the fields were held
 * against all that may come, those that this does not have are null. @throws Failure (usage) where they were not
 */
export function narrow(value: object, fields: string | undefined, areChecked = false): object {
  if (fields === undefined) {
    return value;
  }
  const paths = pathsOf(fields);
  const missing = areChecked ? () => null : refuseField;
  return Array.isArray(value)
    ? value.map((item: Json) => narrowed(item, paths, [], missing))
    : narrowed(value as Json, paths, [], missing);
}
