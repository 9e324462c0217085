import * as z from 'zod';
import type { Route } from './route.js';

/**
 * Sees that a table of routes keeps the promises that the contract makes for all of them.
 * @throws Error that names the operation: a mistake in the program, found when it starts
 */
export function checkTable(routes: readonly Route[]): void {
  checkUnique(routes.map((route) => route.operationId));
  checkUnique(routes.map((route) => `${route.method} ${route.path.replaceAll(/\{\w+\}/g, '{}')}`));
  for (const route of routes) {
    const wrong = pathMistake(route) ?? looseMistake(route);
    if (wrong !== undefined) {
      throw new Error(`${route.operationId}: ${wrong}`);
    }
  }
}

function checkUnique(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new Error(`${name} is in the table of routes twice`);
    }
    seen.add(name);
  }
}

function pathMistake({ path, params }: Route): string | undefined {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
  const inSchema = params instanceof z.ZodObject ? Object.keys(params.shape) : [];
  return inPath.sort().join() === inSchema.sort().join()
    ? undefined
    : `the path has the parameters "${inPath}", its schema "${inSchema}"`;
}

function looseMistake({ query, body }: Route): string | undefined {
  const loose = [query, body].some((schema) => schema !== undefined && isLoose(schema, new Set()));
  return loose ? 'an object in its input is not strict, so unknown fields would pass unseen' : undefined;
}

/** Whether an object anywhere in a schema for input takes members that it does not know. */
function isLoose(schema: z.core.$ZodType, seen: Set<z.core.$ZodType>): boolean {
  if (seen.has(schema)) {
    return false;
  }
  seen.add(schema);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object' && def.catchall?._zod.def.type !== 'never') {
    return true;
  }
  return innerSchemas(def).some((inner) => isLoose(inner, seen));
}

function innerSchemas(def: z.core.$ZodTypes['_zod']['def']): readonly z.core.$ZodType[] {
  switch (def.type) {
    case 'object':
      return Object.values(def.shape);
    case 'array':
      return [def.element];
    case 'union':
      return def.options;
    case 'intersection':
      return [def.left, def.right];
    case 'record':
      return [def.valueType];
    case 'pipe':
      return [def.in];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return [def.innerType];
    default:
      return [];
  }
}
