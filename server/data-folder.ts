import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

function home(): string | undefined {
  try {
    return homedir();
  } catch {
    // Node throws where the user has no entry, and so no home.
    return undefined;
  }
}

/** The variable that names the folder, and what stands below the home where it is not set. */
function foldersOf(
  platform: NodeJS.Platform,
): readonly [variable: string | undefined, below: string, name: string] {
  switch (platform) {
    case 'darwin':
      return [undefined, 'Library/Application Support', 'pay'];
    case 'win32':
      return ['LOCALAPPDATA', 'AppData/Local', 'pay/Data'];
    default:
      return ['XDG_DATA_HOME', '.local/share', 'pay'];
  }
}

/** The platform's folder for the server's data, or, as a clause, why there is none. */
export function dataFolder(
  environment: Environment,
): { readonly folder: string } | { readonly problem: string } {
  const [variable, below, name] = foldersOf(process.platform);
  const given = variable === undefined ? undefined : environment[variable];
  if (given) {
    return isAbsolute(given)
      ? { folder: join(given, name) }
      : { problem: `${variable} is ${JSON.stringify(given)}, which is no absolute path` };
  }
  const folder = home();
  if (folder === undefined) {
    return { problem: 'HOME is not set, and this user has no folder' };
  }
  return isAbsolute(folder)
    ? { folder: join(folder, below, name) }
    : { problem: `HOME is ${JSON.stringify(folder)}, which is no absolute path` };
}
