import fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const isBranch = (value: Json): value is Json[] | { [name: string]: Json } =>
  typeof value === 'object' && value !== null;

/** Values at the edges of what fields, parsers and stores take. */
const edges = fc.constantFrom<Json>(
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e3',
    '+5.00',
    '0.00',
    '00.01',
    '1.005',
    '٣.٥',
    'NaN',
    'null',
    '*',
    '.',
    '..',
    '\u0000',
  ],
  ...['ａｄｍｉｎ', 'a\u202eb', '\ud800', '\u001b[2J', 'İ', 'ß', "'; --", '=1+1', '{}', '../../etc/passwd'],
  ...[
    '9'.repeat(400),
    'x'.repeat(10_000),
    '\\'.repeat(500),
    'GBP',
    'XXX',
    'pay_0000000000',
    '2026-02-30T00:00:00Z',
  ],
  ...[0, -0, 1, -1, 0.1, 1e308, 1e-7, 2 ** 53, -(2 ** 63), null, true, false, [], {}, [[]], [null]],
  { toString: 'x', constructor: 'y', length: 3 },
);

const anything = fc.oneof(
  edges,
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.string({ unit: 'binary' }),
);

/** How many values lie in a value, itself among them. */
function sizeOf(value: Json): number {
  return isBranch(value) ? Object.values(value).reduce((sum: number, one) => sum + sizeOf(one), 1) : 1;
}

/** The value with the one at this place, counted in depth, changed. */
function changedAt(value: Json, place: number, change: (old: Json) => Json): Json {
  if (place === 0 || !isBranch(value)) {
    return change(value);
  }
  let rest = place - 1;
  const entries = Object.entries(value).map(([name, one]): [string, Json] => {
    const isIn = rest >= 0 && rest < sizeOf(one);
    const changed: [string, Json] = [name, isIn ? changedAt(one, rest, change) : one];
    rest -= sizeOf(one);
    return changed;
  });
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

/** Changes of a value that leave it JSON. */
function reshaped(valid: Json, fields: readonly string[]): fc.Arbitrary<Json> {
  const place = fc.nat({ max: Math.max(0, sizeOf(valid) - 1) });
  const name = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', '', 'ID', ...fields),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  const replaced = fc.tuple(place, anything).map(([at, value]) => changedAt(valid, at, () => value));
  const withMember = fc
    .tuple(name, anything)
    .map(([member, value]) =>
      isBranch(valid) && !Array.isArray(valid) ? { ...valid, [member]: value } : value,
    );
  const withoutMember = fc.nat().map((at) => {
    const entries = isBranch(valid) ? Object.entries(valid) : [];
    return Object.fromEntries(entries.filter((_, index) => index !== at % Math.max(1, entries.length)));
  });
  const wrapped = fc.constantFrom<Json>([valid], { body: valid }, [valid, valid]);
  const many = fc
    .tuple(place, fc.constantFrom(2, 50, 1_001))
    .map(([at, count]) => changedAt(valid, at, (old) => Array.from({ length: count }, () => old)));
  const long = fc
    .tuple(place, fc.constantFrom(101, 501, 5_000))
    .map(([at, times]) => changedAt(valid, at, (old) => (typeof old === 'string' ? old.repeat(times) : old)));
  return fc.oneof(
    { arbitrary: replaced, weight: 6 },
    { arbitrary: withMember, weight: 4 },
    withoutMember,
    wrapped,
    many,
    long,
  );
}

/** Changes of bytes, after which it may be no JSON at all. */
function damaged(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  const at = fc.nat({ max: bytes.length });
  const spliced = fc
    .tuple(at, fc.nat({ max: 4 }), fc.uint8Array({ maxLength: 4 }))
    .map(([from, count, more]) =>
      Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(from + count)]),
    );
  const cut = at.map((end) => bytes.subarray(0, end));
  const doubled = fc
    .tuple(at, at)
    .map(([from, to]) => Buffer.concat([bytes.subarray(0, to), bytes.subarray(Math.min(from, to))]));
  const signs = fc
    .tuple(
      at,
      fc.constantFrom(
        '[',
        '{',
        '"',
        '\\',
        ',',
        ':',
        '}',
        ']',
        '\\u0000',
        '\\ud800',
        '\ufeff',
        '//',
        '1e',
        '-',
      ),
    )
    .map(([from, sign]) => Buffer.from(`${text.slice(0, from)}${sign}${text.slice(from)}`));
  const deep = fc
    .tuple(fc.constantFrom('[', '{"a":', '[{"a":'), fc.constantFrom(30, 70, 5_000))
    .map(([sign, times]) => Buffer.from(sign.repeat(times)));
  return fc.oneof({ arbitrary: spliced, weight: 4 }, cut, doubled, { arbitrary: signs, weight: 2 }, deep);
}

/** Bodies that come from a valid one by one change, or by two. Some of them are valid again. */
export function mutantsOf(valid: unknown, fields: readonly string[]): fc.Arbitrary<Buffer> {
  const once = reshaped(valid as Json, fields);
  const twice = once.chain((value) => reshaped(value, fields));
  const asText = (value: Json) => Buffer.from(JSON.stringify(value) ?? 'null');
  return fc.oneof(
    { arbitrary: once.map(asText), weight: 4 },
    { arbitrary: twice.map(asText), weight: 2 },
    { arbitrary: damaged(JSON.stringify(valid)), weight: 3 },
    { arbitrary: once.chain((value) => damaged(JSON.stringify(value) ?? 'null')), weight: 1 },
  );
}
