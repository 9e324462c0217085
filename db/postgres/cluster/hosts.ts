/** One of the servers of PostgreSQL that a URL names. */
export interface Host {
  /** As it is shown: without user and password. */
  readonly name: string;
  /** The URL of this one alone, as the driver takes it. */
  readonly url: string;
}

export interface Hosts {
  readonly hosts: readonly Host[];
  /** Whether only one that can be written will do: where there are several, or the URL says so. */
  readonly needsPrimary: boolean;
}

/** More are no cluster, and each takes its time to be asked. */
const mostHosts = 8;

/** The scheme with user and password, the hosts, the path, and the parameters; a password holds no @ but percent-encoded. */
const form = /^(postgres(?:ql)?:\/\/(?:[^/?#@]*@)?)([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?$/i;

/** What libpq calls the servers that it is to choose among; of the others none has books that can be written. */
const attribute = 'target_session_attrs';
const writable = new Set(['read-write', 'primary']);

const tlsMode = 'sslmode';
const tlsModes = ['disable', 'no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** The driver takes these for verify-full, and warns at length that another version of it may not; with this parameter it does not. */
const takenStrictly = /^sslmode=(?:prefer|require|verify-ca)$/;
const leniency = 'uselibpqcompat=true';

interface Parts {
  readonly scheme: string;
  readonly hosts: readonly string[];
  readonly path: string;
  readonly query: string;
}

function partsOf(url: string): Parts | undefined {
  const found = form.exec(url);
  return found === null
    ? undefined
    : {
        scheme: found[1] as string,
        hosts: (found[2] as string).split(','),
        path: found[3] ?? '',
        query: found[4] ?? '',
      };
}

/** What the driver leaves encoded in the name of a database, and takes as it is in a path. */
const keptEncoded = /%(?:2[46bcf]|3[abd]|40)/gi;

/** The host of a URL; where a parameter names it, as libpq has it for a socket, one that lets the URL be read and is not used. */
function hostIn({ scheme, query }: Parts, host: string): string {
  const isUnread = /^(?::\d*)?$/.test(host) && (scheme.endsWith('@') || host !== '');
  return isUnread && new URLSearchParams(query).has('host') ? `localhost${host}` : host;
}

function urlOf(parts: Parts, host: string): string {
  const { scheme, path, query } = parts;
  const parameters = query.split('&');
  const isLenient = parameters.includes(leniency);
  const rest = parameters
    .filter((parameter) => !parameter.startsWith(`${attribute}=`))
    .map((parameter) => (isLenient ? parameter : parameter.replace(takenStrictly, `${tlsMode}=verify-full`)));
  const database = path.replaceAll(keptEncoded, decodeURIComponent);
  return `${scheme}${hostIn(parts, host)}${database}${rest.join('') === '' ? '' : `?${rest.join('&')}`}`;
}

/** What a URL of a database of PostgreSQL should be where it is not; undefined where it can be used. */
export function wantedOfUrl(url: string): string | undefined {
  const parts = partsOf(url);
  const { hosts = [] } = parts ?? {};
  if (hosts.length > 1 && hosts.some((host) => host === '' || host.startsWith(':'))) {
    return 'a URL with a host before and after each comma, postgres://user:password@one:5432,two:5432/database';
  }
  const isWhole =
    parts !== undefined &&
    /^\/[^/]+$/.test(parts.path) &&
    hosts.every((host) => URL.canParse(urlOf(parts, host)));
  if (!isWhole) {
    return 'the URL of a database of PostgreSQL, postgres://user:password@host:5432/database, with what is not a letter or digit in its parts percent-encoded; several hosts have commas between them';
  }
  const parameters = new URLSearchParams(parts.query);
  if (hosts.length > mostHosts) {
    return `a URL with ${mostHosts} hosts at most`;
  }
  if ([...parameters.getAll('host'), ...parameters.getAll('port')].some((value) => value.includes(','))) {
    return 'a URL with its hosts before the database, postgres://user:password@one:5432,two:5432/database, not as the parameter host';
  }
  if (parameters.getAll(tlsMode).some((mode) => !tlsModes.includes(mode))) {
    return `a URL with ${tlsMode}=verify-full, or another of ${tlsModes.join(', ')}, or without it`;
  }
  const wanted = parameters.get(attribute);
  return wanted === null || writable.has(wanted)
    ? undefined
    : `a URL with ${attribute}=read-write, or without it: books are kept where they can be written`;
}

/** The hosts of a URL that can be used. */
export function hostsOf(url: string): Hosts {
  const parts = partsOf(url);
  if (parts === undefined) {
    return { hosts: [{ name: '', url }], needsPrimary: false };
  }
  const hosts = parts.hosts.map((name) => ({ name, url: urlOf(parts, name) }));
  return { hosts, needsPrimary: hosts.length > 1 || parts.query.includes(`${attribute}=`) };
}

/** The URL without its password and parameters. */
export function shownUrl(url: string): string {
  const parts = partsOf(url);
  if (parts === undefined) {
    return 'postgres://…';
  }
  const user = parts.scheme.replace(/^([^:]+:\/\/[^:]*):.*@$/, '$1@').replace(/\/@$/, '/');
  return `${user}${parts.hosts.join(',')}${parts.path}`;
}
