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
    throw new Failure('usage', `--fields: ${above.join('.')} has no fields.`);
  }
  throw new Failure('usage', `--fields: there is no field ${[...above, name].join('.')} here.`, {
    next: [`There are: ${Object.keys(item).join(',')}`],
  });
}

function within(value: unknown, paths: readonly Path[], above: Path): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => within(item, paths, above));
  }
  if (value === null) {
    return null;
  }
  if (typeof value !== 'object') {
    refuseField(above, '', undefined);
  }
  return narrowed(value as Json, paths, above);
}

function narrowed(item: Json, paths: readonly Path[], above: Path): Json {
  const names = [...new Set(paths.map(([name = '']) => name))];
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(item, name)) {
        refuseField(above, name, item);
      }
      const here = [...above, name];
      const inner = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
      const isWhole = inner.some((rest) => rest.length === 0);
      return [name, isWhole ? item[name] : within(item[name], inner, here)];
    }),
  );
}

/**
 * Only the named fields (comma-separated) of one object, or of each object of a list. A point leads to a field of a
 * field, which stays in its place: `sent.amount` gives {"sent":{"amount":…}}.
 */
export function narrow(value: object, fields: string | undefined): object {
  if (fields === undefined) {
    return value;
  }
  const paths = pathsOf(fields);
  return Array.isArray(value)
    ? value.map((item: Json) => narrowed(item, paths, []))
    : narrowed(value as Json, paths, []);
}
