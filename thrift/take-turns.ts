/**
 * Lets many take turns fairly: `turnsPerRound` of them in one round of the event loop, so that between two rounds
 * newcomers are accepted and new bytes are read. The first turn of a newcomer comes before all others, whose turns come
 * in the order of asking; as a round accepts one newcomer and grants several turns, nobody starves.
 */
export function takeTurns(turnsPerRound: number): (of: { isNewcomer: boolean }) => Promise<void> {
  const newcomers: (() => void)[] = [];
  const others: (() => void)[] = [];
  let isRoundComing = false;

  const expectRound = () => {
    if (!isRoundComing && newcomers.length + others.length > 0) {
      isRoundComing = true;
      setImmediate(round);
    }
  };
  const round = () => {
    isRoundComing = false;
    const granted = newcomers.splice(0, turnsPerRound);
    granted.push(...others.splice(0, turnsPerRound - granted.length));
    for (const grant of granted) {
      grant();
    }
    expectRound();
  };
  return ({ isNewcomer }) =>
    new Promise((resolve) => {
      (isNewcomer ? newcomers : others).push(resolve);
      expectRound();
    });
}
