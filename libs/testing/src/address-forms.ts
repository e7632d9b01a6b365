/** One way to write an address of our own network so that it may look like another. */
export interface AddressForm {
  what: string;
  /** The URL's text with `{port}` where a port may stand, or `:{port}` where one may be left out. */
  url: string;
  /** Whether a connection made of it ends at this machine's IPv4 loopback; others name machines that are not here. */
  isLoopback: boolean;
}

const real = 'webservices5.autotask.net';
const loopback = (what: string, url: string): AddressForm => ({ what, url, isLoopback: true });
const inner = (what: string, host: string): AddressForm => ({ what, url: `http://${host}:{port}/`, isLoopback: false });
const host = (what: string, text: string): AddressForm => loopback(what, `http://${text}:{port}/`);

const numbers: AddressForm[] = [
  host('four decimal numbers', '127.0.0.1'),
  host('another loopback address', '127.255.255.254'),
  host('one decimal number', '2130706433'),
  host('one hexadecimal number', '0x7f000001'),
  host('one hexadecimal number in capitals', '0X7F000001'),
  host('one octal number', '017700000001'),
  host('hexadecimal numbers', '0x7f.0x0.0x0.0x1'),
  host('octal numbers', '0177.0.0.01'),
  host('mixed bases', '0x7f.0.0.01'),
  host('two numbers', '127.1'),
  host('three numbers', '127.0.1'),
  host('two numbers, the first hexadecimal', '0x7f.1'),
  host('leading zeros', '127.0.0.0000000001'),
  host('a trailing dot', '127.0.0.1.'),
  host('any address', '0.0.0.0'),
  host('nought', '0'),
  host('hexadecimal nought', '0x0'),
];

const letters: AddressForm[] = [
  host('a local name', 'localhost'),
  host('a local name in capitals', 'LOCALHOST'),
  host('a local name in wide letters', 'ｌｏｃａｌｈｏｓｔ'),
  host('wide digits', '１２７.０.０.１'),
  host('digits in circles', '①②⑦.⓪.⓪.①'),
  host('mathematical digits', '𝟙𝟚𝟟.𝟘.𝟘.𝟙'),
  host('ideographic full stops', '127。0。0。1'),
  host('wide full stops', '127．0．0．1'),
  host('escaped digits', '%31%32%37.0.0.1'),
  host('an escaped dot', '127%2e0.0.1'),
  host('a soft hyphen inside', '127.0.0\u00ad.1'),
  host('a zero-width space inside', '127.0.\u200b0.1'),
  host('a tab inside', '127.0.\t0.1'),
  host('a line break inside', '127.0.0\n.1'),
];

const places: AddressForm[] = [
  host('a user before it', 'user@127.0.0.1'),
  host('a user and password before it', 'user:secret@127.0.0.1'),
  host('the real host as user', `${real}@127.0.0.1`),
  host('the real host and port as user', `${real}:443@127.0.0.1`),
  host('an escaped slash in the user', `${real}%2f@127.0.0.1`),
  loopback('the real host behind a hash', `http://127.0.0.1:{port}#@${real}/`),
  loopback('the real host behind a question mark', `http://127.0.0.1:{port}?@${real}/`),
  loopback('the real host behind a backslash', `http://127.0.0.1:{port}\\@${real}/`),
  loopback('the real host in the path', `http://127.0.0.1:{port}/@${real}/`),
  loopback('backslashes for slashes', 'http:\\\\127.0.0.1:{port}\\'),
  loopback('no slashes', 'http:127.0.0.1:{port}'),
  loopback('too many slashes', 'http:////127.0.0.1:{port}/'),
  loopback('spaces around', '  http://127.0.0.1:{port}/  '),
  loopback('a line break in the scheme', 'ht\ntp://127.0.0.1:{port}/'),
  loopback('capitals in the scheme', 'HTTP://127.0.0.1:{port}/'),
];

const elsewhere: AddressForm[] = [
  inner('a local name with a trailing dot', 'localhost.'), // which not every machine resolves
  inner('metadata', '169.254.169.254'),
  inner('metadata as a number', '2852039166'),
  inner('metadata in octal', '0251.0376.0251.0376'),
  inner('metadata of another cloud', '100.100.100.200'),
  inner('private 10', '10.0.0.1'),
  inner('private 172', '172.16.0.1'),
  inner('private 192', '192.168.0.1'),
  inner('multicast', '224.0.0.1'),
  inner('broadcast', '255.255.255.255'),
  inner('IPv6 loopback', '[::1]'),
  inner('IPv6 loopback in full', '[0000:0000:0000:0000:0000:0000:0000:0001]'),
  inner('any IPv6 address', '[::]'),
  inner('IPv4 mapped into IPv6', '[::ffff:127.0.0.1]'),
  inner('IPv4 mapped, hexadecimal', '[::ffff:7f00:1]'),
  inner('metadata mapped', '[0:0:0:0:0:ffff:a9fe:a9fe]'),
  inner('IPv4 compatible', '[::127.0.0.1]'),
  inner('NAT64', '[64:ff9b::127.0.0.1]'),
  inner('NAT64 of metadata', '[64:ff9b::a9fe:a9fe]'),
  inner('local NAT64', '[64:ff9b:1::7f00:1]'),
  inner('6to4', '[2002:7f00:1::]'),
  inner('Teredo', '[2001:0:7f00:1::1]'),
  inner('unique local', '[fd00::1]'),
  inner('metadata on IPv6', '[fd00:ec2::254]'),
  inner('link-local', '[fe80::1]'),
  inner('site-local', '[fec0::1]'),
  inner('IPv6 multicast', '[ff02::1]'),
];

/** Everything that must never be called because a tenant wrote it into a setting. */
export const ADDRESS_FORMS: readonly AddressForm[] = [...numbers, ...letters, ...places, ...elsewhere];

/** Zone ids and other texts that no URL parser of ours takes. */
export const BROKEN_ADDRESSES: readonly string[] = [
  'http://[fe80::1%25lo]/',
  'http://[fe80::1%lo]/',
  'http://[::1',
  'http://127.0.0.1:99999/',
  'http://256.256.256.256/',
  'http://127.0.0.1%00.autotask.net/',
  'http://127.0.0.1 .autotask.net/',
  '//127.0.0.1/',
  '127.0.0.1',
];

/** What a name may resolve to and must not be connected to. */
export const INNER_ADDRESSES: readonly string[] = [
  ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.255.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
  ...['192.0.0.192', '198.18.0.1', '224.0.0.251', '240.0.0.1', '255.255.255.255', '192.0.2.1', '192.88.99.1'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::7f00:1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::1'],
  ...['2001:0:7f00:1::1', '2001:db8::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '100::1', '5f00::1'],
];
