import { pathsOf, refuseField } from './json-fields.js';

/** The shape of JSON as far as it is known: one value, fields with the shapes of theirs, or anything. Of a list it is that of an item. */
export type JsonShape = 'value' | 'anything' | { readonly [name: string]: JsonShape };

type NameIn<Json> = Json extends unknown ? Extract<keyof Json, string> : never;
type FieldOf<Json, Name> = Json extends unknown ? (Name extends keyof Json ? Json[Name] : never) : never;

/** The shape of an object, or of several that may come: it has what any of them has. */
type ShapeOfFields<Json extends object> = [Json] extends [never]
  ? 'value'
  : string extends NameIn<Json>
    ? 'anything'
    : { readonly [Name in NameIn<Json>]-?: ShapeOf<NonNullable<FieldOf<Json, Name>>> };

/** The shape of the JSON of a type, for the compiler to say where one is not whole. */
export type ShapeOf<Json> = [Json] extends [never]
  ? 'value'
  : [unknown] extends [Json]
    ? 'anything'
    : [Json] extends [readonly (infer Item)[]]
      ? ShapeOf<NonNullable<Item>>
      : ShapeOfFields<Extract<Json, object>>;

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
