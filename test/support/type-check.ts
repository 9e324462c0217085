import { join } from 'node:path';
import ts from 'typescript';

export interface TypeFault {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

function projectOptions(root: string): ts.CompilerOptions {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic({ messageText }: ts.Diagnostic) {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  };
  const { incremental, tsBuildInfoFile, ...options } =
    ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, host)?.options ?? {};
  return options;
}

/**
 * What `npm run types` would say of these sources, were each a file of its own in the folder `test`: they are checked
 * with the project's options against its own files, of which only what they import is read. Nothing is written.
 */
export function typeFaultsIn(root: string, sources: readonly string[]): readonly (readonly TypeFault[])[] {
  const options = projectOptions(root);
  const planted = new Map(sources.map((text, index) => [join(root, `test/planted-${index}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  Object.assign(host, {
    fileExists: (path: string) => planted.has(path) || fileExists(path),
    readFile: (path: string) => planted.get(path) ?? readFile(path),
  });
  const program = ts.createProgram([...planted.keys()], options, host);
  return [...planted.keys()].map((path) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ start = 0, messageText }) => ({
      line: (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1,
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
  });
}
