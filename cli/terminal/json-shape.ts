import { pathsOf, refuseField } from './json-fields.js';

/** The shape of JSON as far as it is known: one value, fields with the shapes of theirs, or anything. Of a list it is that of an item. */
export type JsonShape = 'value' | 'anything' | { readonly [name: string]: JsonShape };

/**
 * The shape of the JSON of a type, for the compiler to say where one is not whole. Of alternatives it has what all of them have,
 * so that it can be written whichever comes.
 */
export type ShapeOf<Json> = [Json] extends [never]
  ? 'value'
  : [unknown] extends [Json]
    ? 'anything'
    : [Json] extends [readonly (infer Item)[]]
      ? ShapeOf<NonNullable<Item>>
      : [Json] extends [object]
        ? string extends keyof Json
          ? 'anything'
          : { readonly [Name in Extract<keyof Json, string>]-?: ShapeOf<NonNullable<Json[Name]>> }
        : 'value';

function checkPath(shape: JsonShape, path: readonly string[], above: readonly string[]): void {
  const [name, ...rest] = path;
  if (name === undefined || shape === 'anything') {
    return;
  }
  if (shape === 'value' || !Object.hasOwn(shape, name)) {
    refuseField(above, name, shape === 'value' ? undefined : shape);
  }
  checkPath(shape[name] ?? 'anything', rest, [...above, name]);
}

/** Refuses what --fields names and JSON of this shape has not, before there is any. @throws Failure (usage) */
export function checkFields(shape: JsonShape, fields: string | undefined): void {
  for (const path of fields === undefined ? [] : pathsOf(fields)) {
    checkPath(shape, path, []);
  }
}
