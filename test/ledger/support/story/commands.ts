import fc from 'fast-check';

export const storyCurrencies = ['GBP', 'USD', 'JPY', 'KWD', 'VND', 'EUR'] as const;

/** What somebody tries, said relative to what is known when it is tried: who exists, what they hold, what was asked before. */
export type Command =
  | {
      readonly is: 'register';
      readonly name: number;
      readonly spelling: Spelling;
      readonly email: number;
      readonly currency: string;
      readonly credit: number;
    }
  | {
      readonly is: 'pay';
      readonly from: number;
      readonly to: To;
      readonly amount: Amount;
      readonly side: 'sent' | 'received' | 'other';
      readonly limit: 'none' | 'cost' | 'below cost' | 'far above';
      readonly key: 'fresh' | 'shared';
      readonly memo: string | null;
      readonly isPreviewed: boolean;
      readonly isDryRun: boolean;
    }
  | { readonly is: 'repeat'; readonly which: number; readonly twist: Twist }
  | { readonly is: 'log in'; readonly user: number; readonly isRightPassword: boolean }
  | { readonly is: 'log out'; readonly session: number }
  | { readonly is: 'make token'; readonly session: number }
  | { readonly is: 'revoke token'; readonly token: number; readonly by: 'owner' | number }
  | { readonly is: 'change password'; readonly session: number; readonly isRightPassword: boolean }
  | {
      readonly is: 'change email';
      readonly user: number;
      readonly email: number;
      readonly spelling: Spelling;
    };

/** The commands of one kind. */
export type Of<Is extends Command['is']> = Extract<Command, { is: Is }>;

/** Somebody else who has registered by then, a name that may be free, nobody, or the sender. */
export type To = { readonly registered: number } | { readonly named: number } | 'nobody' | 'self';
export type Spelling = 'lower' | 'upper' | 'mixed';
export type Twist = 'same' | 'reordered' | 'other amount' | 'other memo' | 'other rule';

/** Minor units: some that are given, or about what the sender holds. */
export type Amount = { readonly minor: number } | { readonly balancePlus: number };

/** Commands that are tried together; before them somebody may be frozen or thawed by writing the row. */
export interface Wave {
  readonly toggled: number | null;
  readonly commands: readonly Command[];
}

const { MAX_SAFE_INTEGER: largest } = Number;
const someone = fc.nat({ max: 7 });
const anyone = fc.nat({ max: 1_000 });
const spelling = fc.constantFrom<Spelling>('lower', 'upper', 'mixed');

const credit = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 50_000, max: 200_000 }) },
  { weight: 2, arbitrary: fc.nat({ max: 20 }) },
  { weight: 1, arbitrary: fc.nat({ max: 1_000 }).map((less) => largest - less) },
  { weight: 1, arbitrary: fc.maxSafeNat() },
);

const amount: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((minor) => ({ minor })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }).map((minor) => ({ minor })) },
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 1 }).map((balancePlus) => ({ balancePlus })) },
  { weight: 1, arbitrary: fc.nat({ max: 1_000 }).map((less) => ({ minor: largest - less })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: largest }).map((minor) => ({ minor })) },
);

/** One of the values, the first so many times as often as each of the others. */
const mostly = <Value>(times: number, usual: Value, ...others: readonly Value[]) =>
  fc.oneof(
    { weight: times, arbitrary: fc.constant(usual) },
    ...others.map((other) => ({ weight: 1, arbitrary: fc.constant(other) })),
  );

const register = fc.record({
  is: fc.constant('register' as const),
  name: someone,
  spelling,
  email: someone,
  currency: fc.constantFrom(...storyCurrencies),
  credit,
});

const pay = fc.record({
  is: fc.constant('pay' as const),
  from: anyone,
  to: fc.oneof(
    { weight: 12, arbitrary: anyone.map((registered) => ({ registered })) },
    { weight: 2, arbitrary: someone.map((named) => ({ named })) },
    { weight: 1, arbitrary: fc.constantFrom('nobody' as const, 'self' as const) },
  ),
  amount,
  side: mostly<'sent' | 'received' | 'other'>(8, 'sent', 'received', 'received', 'received', 'other'),
  limit: mostly<'none' | 'cost' | 'below cost' | 'far above'>(4, 'none', 'cost', 'below cost', 'far above'),
  key: mostly<'fresh' | 'shared'>(8, 'fresh', 'shared'),
  memo: mostly<string | null>(4, null, 'lunch', 'ŻÓŁĆ "\\\u2028 🍕', "'; drop table payments; --"),
  isPreviewed: fc.boolean(),
  isDryRun: mostly(6, false, true),
});

const repeat = fc.record({
  is: fc.constant('repeat' as const),
  which: anyone,
  twist: fc.constantFrom<Twist>('same', 'same', 'reordered', 'other amount', 'other memo', 'other rule'),
});

const credentialAct = fc.oneof(
  fc.record({ is: fc.constant('log in' as const), user: anyone, isRightPassword: mostly(4, true, false) }),
  fc.record({ is: fc.constant('log out' as const), session: anyone }),
  fc.record({ is: fc.constant('make token' as const), session: anyone }),
  fc.record({
    is: fc.constant('revoke token' as const),
    token: anyone,
    by: fc.oneof(fc.constant('owner' as const), anyone),
  }),
  fc.record({
    is: fc.constant('change password' as const),
    session: anyone,
    isRightPassword: mostly(3, true, false),
  }),
  fc.record({ is: fc.constant('change email' as const), user: anyone, email: someone, spelling }),
);

export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: register },
  { weight: 14, arbitrary: pay },
  { weight: 3, arbitrary: repeat },
  { weight: 4, arbitrary: credentialAct },
);

/** Stories of up to so many waves, each of up to `mostCommands`. */
export function anyStory(mostWaves: number, mostCommands: number): fc.Arbitrary<readonly Wave[]> {
  const wave = fc.record({
    toggled: fc.oneof({ weight: 14, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anyone }),
    commands: fc.array(anyCommand, { minLength: 1, maxLength: mostCommands, size: 'max' }),
  });
  return fc.array(wave, { minLength: 1, maxLength: mostWaves, size: 'max' });
}
