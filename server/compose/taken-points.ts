import { z } from 'zod';

/** PostgreSQL takes messages of up to 8,000 bytes. */
const longestMessage = 7_500;

const takenSchema = z.tuple([z.string(), z.string(), z.number().nonnegative()]).readonly();

/** What a limit is counted under, the caller, and the points that the caller has taken of it. */
export type Taken = z.output<typeof takenSchema>;

/** As many messages as it takes. */
export function messagesOf(taken: Iterable<Taken>): readonly string[] {
  const messages: string[] = [];
  let length = 0;
  let items: string[] = [];
  const close = () => items.length > 0 && messages.push(`[${items.join(',')}]`);
  for (const item of taken) {
    const text = JSON.stringify(item);
    if (length + text.length > longestMessage) {
      close();
      [length, items] = [0, []];
    }
    items.push(text);
    length += text.length + 1;
  }
  close();
  return messages;
}

function jsonIn(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** What another server tells; nothing where that is not to be read: whoever may connect to the database may say anything there. */
export const takenIn = (message: string): readonly Taken[] =>
  z.array(takenSchema).safeParse(jsonIn(message)).data ?? [];
