import { BlockList, isIP } from 'node:net';

/** The groups of an IPv6 address, with those that `::` stands for. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
}

/** The network of one subscriber: an IPv4 address, or the /64 of an IPv6 one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) {
    return address;
  }
  const groups = groupsOf(address).slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Whether what is said to this host never leaves the machine; an IPv6 address may stand in brackets. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|\[?::1\]?|127(?:\.[0-9]+){3})$/i.test(host);
}

/** IPv4 in the two last groups of an IPv6 address, as IPv4 is written. */
const ofGroups = (high: string, low: string): string =>
  [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');

/**
 * An address without blanks around it, without the port and the brackets that some proxies write with it, IPv4 as IPv4 even where
 * the socket is IPv6, and without a zone: that names an interface of the machine that says it, and is as long as whoever writes it
 * likes.
 */
export const plainAddress = (address: string) =>
  address
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/s, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i, (_, high: string, low: string) =>
      ofGroups(high, low),
    );

/** Networks and addresses whose word counts about where a request comes from. */
export function makeProxyList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) {
      list.addAddress(address, family);
    } else {
      list.addSubnet(address, Number(bits), family);
    }
  }
  return list;
}

/** Whether an address is of one of these proxies. */
export function isTrusted(proxies: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && proxies.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The address that a request comes from: the socket's other end or, where that is a trusted proxy, whom the proxies name,
 * from the last one back to the first that is not trusted. IPv4 as IPv4, even where the socket is IPv6.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | string[] | undefined,
  proxies: BlockList | undefined,
): string {
  let address = plainAddress(remote ?? '');
  if (proxies === undefined || forwardedFor === undefined) {
    return address;
  }
  const named = [forwardedFor].flat().join(',').split(',').map(plainAddress);
  while (named.length > 0 && isTrusted(proxies, address)) {
    const before = named.pop() ?? '';
    if (isIP(before) === 0) {
      break;
    }
    address = before;
  }
  return address;
}
