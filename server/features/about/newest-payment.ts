import type { Database } from '../../../db/connect.js';

/** The time of the newest payment of any writer, in microseconds; zero before the first. */
export async function readNewestPaymentMicros(readers: Database): Promise<number> {
  const [newest]: { at: number | null }[] = await readers.raw(
    'select max("at") as at from chain_heads where name = \'payments\'',
  );
  return newest?.at ?? 0;
}
