import { BlockList, isIP, isIPv6 } from 'node:net';

/** Ranges that are no public host: IANA's special-purpose registries for IPv4 (RFC 6890) and IPv6, multicast included. */
const SPECIAL_RANGES: readonly (readonly [network: string, prefix: number])[] = [
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
  ['::', 96], // unspecified, loopback, and IPv4 written the old way
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL_RANGES) {
  special.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
}

/** Prefixes under which an IPv6 address stands for the IPv4 one in its last 32 bits: mapped (RFC 4291), NAT64 (RFC 6052). */
const CARRIES_IPV4 = new BlockList();
CARRIES_IPV4.addSubnet('::ffff:0:0', 96, 'ipv6');
CARRIES_IPV4.addSubnet('64:ff9b::', 96, 'ipv6');

/**
 * Whether an IP address is loopback, private, link-local or otherwise not a public host's. What is no IP address counts
 * as special, too. A zone (`%eth0`) is not looked at.
 */
export function isSpecialAddress(address: string): boolean {
  const [ip = ''] = address.split('%');
  const kind = isIP(ip);
  if (kind === 0) return true;
  if (kind === 4) return special.check(ip, 'ipv4');
  if (CARRIES_IPV4.check(ip, 'ipv6')) return special.check(lastFourBytes(ip), 'ipv4');
  return special.check(ip, 'ipv6');
}

function lastFourBytes(ipv6: string): string {
  // The URL parser writes every IPv6 address in its shortest form, in hexadecimal groups only.
  const written = new URL(`http://[${ipv6}]/`).hostname.slice(1, -1);
  const groups = written.split(':').slice(-2);
  return groups
    .map((group) => Number.parseInt(group || '0', 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

/** Suffixes of names that only a home's or a company's own network answers for (RFC 6761, 6762, 8375, and common use). */
const LOCAL_SUFFIXES = ['localhost', 'local', 'lan', 'internal', 'intranet', 'home', 'corp', 'home.arpa'];

/** Whether a URL's host says by itself that it lies here: a special IP address, `localhost`, or a name without a domain. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isSpecialAddress(host);
  const name = host.replace(/\.$/, '');
  return !name.includes('.') || LOCAL_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));
}
