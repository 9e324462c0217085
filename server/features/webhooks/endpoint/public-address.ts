import { BlockList, isIP } from 'node:net';

/**
 * The networks that are not reachable from the whole internet, or are nobody's: the IANA IPv4 Special-Purpose Address
 * Registry (RFC 6890), multicast (RFC 5771) and what is reserved (RFC 1112).
 */
const specialIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/**
 * The networks that are special within the global unicast addresses of IPv6: protocol assignments with Teredo,
 * documentation, and 6to4, which leads to an IPv4 address of anybody's choice. Everything outside of 2000::/3 is refused
 * anyway: the unspecified and the loopback address, IPv4-mapped ones, unique local, link-local, site-local and multicast
 * ones.
 */
const specialIpv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

/** The network where a translator of an IPv6-only network finds the IPv4 internet (RFC 6052): as good as the address inside. */
const nat64 = { network: '64:ff9b::', prefix: 96 } as const;

/** Makes the judge of whether a textual address, IPv4 or IPv6, is one of the public internet. */
export function makePublicAddressJudge(): (address: string) => boolean {
  const global = new BlockList();
  global.addSubnet('2000::', 3, 'ipv6');
  global.addSubnet(nat64.network, nat64.prefix, 'ipv6');
  const special = new BlockList();
  for (const [network, prefix] of specialIpv4) {
    special.addSubnet(network, prefix, 'ipv4');
    special.addSubnet(nat64.network + network, nat64.prefix + prefix, 'ipv6');
  }
  for (const [network, prefix] of specialIpv6) {
    special.addSubnet(network, prefix, 'ipv6');
  }
  return (address) => {
    const family = isIP(address);
    if (family === 4) {
      return !special.check(address, 'ipv4');
    }
    return family === 6 && global.check(address, 'ipv6') && !special.check(address, 'ipv6');
  };
}
