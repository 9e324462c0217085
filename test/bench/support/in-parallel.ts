/** Does the work for each number from zero on, so many of them at once, and gives the results in order. */
export async function inParallel<Result>(
  howMany: number,
  atOnce: number,
  work: (number: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < howMany) {
      const number = next;
      next += 1;
      results[number] = await work(number);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, howMany) }, worker));
  return results;
}
