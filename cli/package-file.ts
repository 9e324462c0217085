/** A file of the package. Both dist/cli and dist/bundle lie two folders below its root. */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}
