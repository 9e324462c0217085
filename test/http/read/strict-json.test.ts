import test from 'ava';
import fc from 'fast-check';
import { Refusal } from '../../../server/errors.js';
import { parseStrictJson } from '../../../server/http/read/strict-json.js';

type Tree = string | number | boolean | null | Tree[] | Members;
/** An object as it is written: names may repeat. */
interface Members {
  readonly members: readonly (readonly [name: string, spelling: 'plain' | 'escaped', value: Tree])[];
}

const name = fc.constantFrom('a', 'b', ':', '', '{', 'é', 'to', '__proto__', 'constructor');
const leaf = fc.oneof(
  fc.constantFrom('', ':', '"a":1,', '\\', '"', '{"', 'é'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const trees = fc.letrec<{ tree: Tree; list: Tree[]; members: Members }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5 }, leaf, tie('list'), tie('members')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  members: fc
    .array(fc.tuple(name, fc.constantFrom('plain' as const, 'escaped' as const), tie('tree')), {
      maxLength: 4,
    })
    .map((members) => ({ members })),
})).tree;

function isMembers(tree: Tree): tree is Members {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree);
}

function write(tree: Tree): string {
  if (Array.isArray(tree)) {
    return `[ ${tree.map(write).join(' , ')} ]`;
  }
  if (!isMembers(tree)) {
    return JSON.stringify(tree);
  }
  return `{ ${tree.members.map(([key, spelling, value]) => `${writeName(key, spelling)} : ${write(value)}`).join(',')} }`;
}

function writeName(key: string, spelling: 'plain' | 'escaped'): string {
  const escaped = [...key].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return spelling === 'plain' ? JSON.stringify(key) : `"${escaped.join('')}"`;
}

/** The reference: looks at the tree, not at the text. */
function hasRepetition(tree: Tree): boolean {
  if (Array.isArray(tree)) {
    return tree.some(hasRepetition);
  }
  if (!isMembers(tree)) {
    return false;
  }
  const names = tree.members.map(([key]) => key);
  return new Set(names).size < names.length || tree.members.some(([, , value]) => hasRepetition(value));
}

/** What is written, without JSON.parse: that of Node 24 now and then misreads a name that is escaped. */
function valueWritten(tree: Tree): unknown {
  if (Array.isArray(tree)) {
    return tree.map(valueWritten);
  }
  if (!isMembers(tree)) {
    return tree;
  }
  const value = {};
  for (const [key, , member] of tree.members) {
    // As JSON.parse does: a member called __proto__ is one like any other.
    Object.defineProperty(value, key, {
      value: valueWritten(member),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return value;
}

const bytes = (text: string) => Buffer.from(text);

test('a repeated member is refused and named, and everything else is what was written', (t) => {
  const seen = { repeated: 0, unique: 0 };
  fc.assert(
    fc.property(trees, (tree) => {
      const text = write(tree);
      if (hasRepetition(tree)) {
        seen.repeated += 1;
        const refusal = t.throws(() => parseStrictJson(bytes(text), 1_000), { instanceOf: Refusal });
        t.regex(refusal.message, /^The member name ".*" appears twice in one object\.$/);
      } else {
        seen.unique += 1;
        t.deepEqual(parseStrictJson(bytes(text), 1_000), valueWritten(tree));
      }
    }),
    { numRuns: 5_000 },
  );
  t.true(seen.repeated > 200 && seen.unique > 200, JSON.stringify(seen));
});

for (const [first, second] of [
  ['a', '\\u0061'],
  [':', '\\u003a'],
  ['{', '\\u007b'],
  ['\\"', '\\u0022'],
  ['\\\\', '\\u005C'],
  ['\\n', '\\u000a'],
  ['\\/', '/'],
]) {
  test(`"${first}" and "${second}" are the same name`, (t) => {
    t.throws(() => parseStrictJson(bytes(`{"${first}": ":", "${second}": 1}`), 1_000), {
      instanceOf: Refusal,
      message: /appears twice/,
    });
  });
}

test('any JSON that JSON.stringify writes is read back', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      t.deepEqual(parseStrictJson(bytes(JSON.stringify(value)), 1_000), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 2_000 },
  );
});

test('any bytes are either read or refused as malformed', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (array) => {
      try {
        parseStrictJson(Buffer.from(array), 1_000);
        t.pass();
      } catch (error) {
        t.is((error as Refusal).code, 'MALFORMED_JSON');
      }
    }),
    { numRuns: 5_000 },
  );
});

test('the detail says where JSON goes wrong and repeats nothing of it', (t) => {
  const refusal = t.throws(() => parseStrictJson(bytes('{"password":"hunter2",}'), 1_000), {
    instanceOf: Refusal,
  });
  t.is(refusal.message, 'The body is not valid JSON: it goes wrong at character 23.');
});

test('32 levels are read and 33 are not', (t) => {
  const nested = (depth: number) => bytes('['.repeat(depth) + ']'.repeat(depth));
  t.notThrows(() => parseStrictJson(nested(32), 1_000));
  t.throws(() => parseStrictJson(nested(33), 1_000), { message: /deeper than 32/ });
});

test('as many values as may be are read, and one more is refused before it is parsed', (t) => {
  const listOf = (length: number, item: string) => bytes(`[${Array(length).fill(item).join()}]`);
  t.notThrows(() => parseStrictJson(listOf(999, '1'), 1_000));
  const refusal = t.throws(() => parseStrictJson(listOf(1_000, '1'), 1_000), { instanceOf: Refusal });
  t.is(refusal.code, 'BODY_TOO_LARGE');
  t.regex(refusal.message, /at most 1000 values/);
  t.throws(() => parseStrictJson(listOf(500, '{}'), 1_000), { message: /at most 1000 values/ });
  t.throws(() => parseStrictJson(bytes('['.repeat(500).concat('{'.repeat(500))), 1_000), {
    message: /deeper/,
  });
});

test('what separates values within a string counts for none', (t) => {
  const text = ',:{[\\",]}"'.repeat(2_000);
  t.deepEqual(parseStrictJson(bytes(JSON.stringify({ [text]: text })), 10), { [text]: text });
});

for (const [what, text] of Object.entries({
  'unknown members': `{${Array.from({ length: 230_000 }, (_, index) => `"a${index.toString(36)}":1`).join()}}`,
  'empty objects': `[${'{},'.repeat(700_000)}{}]`,
  'a string without an end': `"${'\\"'.repeat(1_000_000)}`,
  'a string of backslashes': `"${'\\\\'.repeat(1_000_000)}"`,
  'an escaped string': `"${'\\u0061'.repeat(340_000)}"`,
  'brackets alone': '['.repeat(2_000_000),
})) {
  test.serial(`a body of two megabytes of ${what} costs little of the processor`, (t) => {
    const body = bytes(text);
    const before = process.cpuUsage();
    try {
      parseStrictJson(body, 6_000);
    } catch (error) {
      t.true(error instanceof Refusal);
    }
    const { user, system } = process.cpuUsage(before);
    t.true(user + system < 100_000, `${user + system} µs`);
  });
}
